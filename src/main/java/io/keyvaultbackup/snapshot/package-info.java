/**
 * What one run keeps of one vault: the manifest, the names of what is in the store, and the identity of the snapshot. Values and
 * their JSON; it writes through the store's port and reads through the ledger's rows, and calls no service.
 */
@NullMarked
package io.keyvaultbackup.snapshot;

import org.jspecify.annotations.NullMarked;
