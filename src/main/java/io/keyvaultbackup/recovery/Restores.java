package io.keyvaultbackup.recovery;

import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.StopSignal;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Restores snapshots into vaults; the verbs' way to the job that does. */
public interface Restores {

    /**
     * Says what a restore would do with each object; writes nothing anywhere.
     *
     * @param each given every object, in the manifest's order but for those that had to be compared, which come last
     * @throws io.keyvaultbackup.run.RunRefusedException if the snapshot's manifest is damaged
     * @throws io.keyvaultbackup.vault.FailureException if the store or the vault could not be asked
     */
    RestorePlan plan(RestoreRequest request, Consumer<PlannedRestore> each, RunMonitor monitor);

    /**
     * Restores, or continues the same restore that did not end. Returns when the execution has ended.
     *
     * @param approval shown the plan, by the thread that calls this, before anything is written to the vault; false ends it there. Not asked
     *     if there is nothing to do
     * @param stop ends it early: no new calls are begun, those under way have 15 s to end, what is finished is recorded
     * @throws io.keyvaultbackup.run.RunRefusedException if it was not started
     * @throws io.keyvaultbackup.vault.FailureException if the store or the vault could not be used at all
     */
    RestoreResult restore(RestoreRequest request, Predicate<RestorePlan> approval, RunMonitor monitor, StopSignal stop);
}
