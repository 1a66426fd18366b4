package io.keyvaultbackup.recovery;

import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.VaultAddress;

/**
 * What to restore, where to, and what to do where something is in the way.
 *
 * @param recoverDeleted whether a deleted object that has the name is brought back in place of a restore
 */
public record RestoreRequest(
        StoredSnapshot snapshot,
        VaultAddress target,
        Selection selection,
        OnConflict onConflict,
        boolean recoverDeleted) {

    /** What is done where an object, or a deleted one, has the name of one that is to be restored. Neither changes that one. */
    public enum OnConflict {
        /** Nothing is restored at all. */
        FAIL,
        /** The rest is restored. */
        SKIP
    }
}
