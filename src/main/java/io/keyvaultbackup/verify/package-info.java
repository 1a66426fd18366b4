/**
 * The job that proves snapshots, for whoever must know before a restore, and without trust in any database: what the store holds is held against
 * its own manifests and, where one is given, against a public key.
 *
 * <p>Two steps. {@code examine} reads the vault's chain of manifests and the snapshot's own manifest, lists what the store has of the
 * snapshot, and needs no memory between them but one entry for each copy; it is quick and runs again at every start. {@code read} reads copies
 * byte by byte, if that is asked for, ahead of the chunk that records them in the ledger: an examination that was interrupted reads no copy
 * twice. Nothing is ever written to the store, so an identity that may only read is enough.
 */
@NullMarked
package io.keyvaultbackup.verify;

import org.jspecify.annotations.NullMarked;
