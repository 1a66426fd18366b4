/**
 * Where backup blobs and manifests are kept: the port {@link io.keyvaultbackup.store.BackupStore} and what can go wrong there. A
 * store only ever adds; nothing in it is overwritten. No SDK type is seen here.
 *
 * <p>There is a general store, and vaults may have one of their own ({@link io.keyvaultbackup.store.StoreRoutes} says which). Each is a {@link
 * io.keyvaultbackup.store.StorePlace} of some {@link io.keyvaultbackup.store.StoreKind}; the ports that are handed out route by the first part of a blob's
 * name, which is its vault's. So nobody who uses them knows that there are several, but for whoever tells where a vault's copies are
 * ({@link io.keyvaultbackup.store.BackupStore#ofVault}).
 */
@NullMarked
package io.keyvaultbackup.store;

import org.jspecify.annotations.NullMarked;
