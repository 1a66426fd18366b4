/**
 * Where backup blobs and manifests are kept: the port {@link io.keyvaultbackup.store.BackupStore} and what can go wrong there. A
 * store only ever adds; nothing in it is overwritten. No SDK type is seen here.
 */
@NullMarked
package io.keyvaultbackup.store;

import org.jspecify.annotations.NullMarked;
