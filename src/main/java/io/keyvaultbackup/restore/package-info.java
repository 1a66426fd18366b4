/**
 * Brings objects back. A backup goes to the service as it came, whole; the service says which object it was. What is restored is never
 * written over anything: the service cannot, and a name that is taken is a failure that says so.
 *
 * <p>A snapshot ({@link io.keyvaultbackup.restore.RestoreJob}): {@code manifest, checked + the target's listing → a row for each object in the
 * ledger (plan) → what has its name taken is compared (compare) → somebody says yes (approve) → certificates, keys, secrets: copy, checked → the
 * service → the row → the target listed again and every row compared (prove) → the report, in the store}. Each execution plans anew from what is
 * in the vault, so that it needs nothing of one that died; the ledger tells which execution restored what, and the vault's lease keeps others out.
 *
 * <p>A drill ({@link io.keyvaultbackup.restore.DrillJob}) is the same into an empty vault, with the list stored before the first call and the
 * removal after the proof: only this can delete, and only what has the versions that it restored.
 *
 * <p>One file ({@link io.keyvaultbackup.restore.FileRestore}): {@code bytes → their kind and form (BackupFile) → the service → the object's
 * name}. No store, no manifest and no job database is needed, so nothing is known of the object but what the service answers.
 */
@NullMarked
package io.keyvaultbackup.restore;

import org.jspecify.annotations.NullMarked;
