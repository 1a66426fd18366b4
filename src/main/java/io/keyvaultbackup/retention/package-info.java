/**
 * What may be forgotten, and forgetting it. The snapshots of a vault as the store tells of them (when, whether complete, their labels) go into
 * {@link io.keyvaultbackup.retention.Keeping} with a policy and a moment, and come out with the reasons to keep each; what has none is
 * forgotten. That decision is pure: it reads no clock and no store, so that a dry run and the real one decide the same.
 *
 * <p>Forgetting is one Spring Batch job for each vault, under that vault's lease. The store is its only plan and memory: each launch lists it anew,
 * and goes on with whatever an earlier one left.
 *
 * <pre>
 * 1 plan      manifests, labels, locks → what is kept, and why; what goes
 * 2 examine   each manifest that goes is read whole: if one is damaged, nothing is removed at all; one tombstone is signed, to see that it is believed
 * 3 manifests tombstones that a crash left of manifests that stay are taken back; then, snapshot by snapshot: labels and locks once more, the
 *             tombstones (the signature, then the tombstone), the manifests (each, then its signature); signatures that a crash left as well
 * 4 mark      the manifests that are there now are listed and read, and listed again until there is none that was not read → the blobs that they refer to
 * 5 sweep     a listing of the vault → what no manifest refers to, of snapshots that are forgotten, and orphans that are old enough → removed
 * </pre>
 *
 * A manifest goes before any blob that it refers to, and a blob only if no manifest that is there refers to it: wherever this is cut off, what is
 * left over are blobs that nobody refers to, never a manifest whose blobs are gone. What is not understood is kept: if one manifest can not be
 * read, nobody knows what it refers to, and nothing is swept. Nothing here knows a vault; it reads the store through its ports and removes
 * through {@link io.keyvaultbackup.store.BlobRemoval} alone.
 */
@NullMarked
package io.keyvaultbackup.retention;

import org.jspecify.annotations.NullMarked;
