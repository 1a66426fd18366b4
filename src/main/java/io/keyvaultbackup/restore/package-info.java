/**
 * Brings objects back. A backup goes to the service as it came, whole; the service says which object it was. What is restored is never
 * written over anything: the service cannot, and a name that is taken is a failure that says so.
 *
 * <p>One file ({@link io.keyvaultbackup.restore.FileRestore}): {@code bytes → their kind and form (BackupFile) → the service → the object's
 * name}. No store, no manifest and no job database is needed, so nothing is known of the object but what the service answers.
 */
@NullMarked
package io.keyvaultbackup.restore;

import org.jspecify.annotations.NullMarked;
