package io.keyvaultbackup.run;

/** Launches backup runs; the verbs' way to the backup job. */
public interface BackupRuns {

    /**
     * Launches the run of this request, or continues it: what an earlier execution finished is not done again. Returns when the
     * execution has ended.
     *
     * @param stop ends it early: no new calls are begun, those under way have 15 s to end, what is finished is recorded
     * @throws RunRefusedException if it was not started
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be used at all
     */
    RunResult run(RunRequest request, RunMonitor monitor, StopSignal stop);

    /**
     * Lists the vault and says what a run would do; writes nothing anywhere.
     *
     * @throws RunRefusedException if the configuration is wrong
     */
    RunPlan plan(RunRequest request, RunMonitor monitor);
}
