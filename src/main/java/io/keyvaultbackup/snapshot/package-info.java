/**
 * What one run keeps of one vault: the manifest, its place in the chain, the names of what is in the store. The catalogue and the examination of
 * manifests read it back from the store's port alone, object by object, and trust nothing of what they read: sizes are bounded, names are
 * checked, and what is wrong is told. It knows rows of the ledger as values, and calls no vault.
 */
@NullMarked
package io.keyvaultbackup.snapshot;

import org.jspecify.annotations.NullMarked;
