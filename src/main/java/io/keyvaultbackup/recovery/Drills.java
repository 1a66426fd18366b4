package io.keyvaultbackup.recovery;

import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.vault.ObjectId;
import java.util.List;

/** Tries restores in scratch vaults; the verbs' way to the job that does. */
public interface Drills {

    /** Who says yes before something is done that cannot be taken back. */
    interface Approval {

        /** Before what a drill that did not end left there is removed. */
        boolean removeLeftovers(List<ObjectId> objects);

        /** Before anything is restored. */
        boolean begin(RestorePlan plan);

        /**
         * The vault does not purge what is deleted, or does not tell: so many objects would stay behind, deleted. One of them is restored already, to
         * find that out.
         */
        boolean leaveBehind(long objects, String recoveryLevel);
    }

    /**
     * Restores a sample of a snapshot, or all of it, into an empty vault, compares it, and removes what it restored and nothing else.
     *
     * @param stop ends it early; what is left there then is removed by the next drill of the same snapshot's vault
     * @throws io.keyvaultbackup.run.RunRefusedException if the vault is no place for a trial, or it was not started for another reason
     * @throws io.keyvaultbackup.vault.FailureException if the store or the vault could not be used at all
     */
    DrillResult drill(DrillRequest request, Approval approval, RunMonitor monitor, StopSignal stop);
}
