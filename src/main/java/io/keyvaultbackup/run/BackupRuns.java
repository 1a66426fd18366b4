package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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

    /** The same launches for who retries a run by their own wish: one that an operator has stopped goes on, and stays so for those that follow. */
    BackupRuns goingOn();

    /**
     * The newest run of a vault, whether it is complete or not, as the job database knows it, or else the store; one that an operator has stopped counts, also if
     * nobody has begun it.
     *
     * @param selection what a run is about that nobody recorded: it left copies or a stop in the store, and neither a manifest nor a database
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be asked
     */
    Optional<RunRequest> latest(VaultAddress vault, Selection selection);

    /**
     * The runs whose snapshot id starts so, as the job database knows them, or else what the store has of these vaults.
     *
     * @param vaults only these; all that the job database knows, if none is given
     * @param selection as for {@link #latest}
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be asked
     */
    List<RunRequest> startingWith(String id, Collection<VaultAddress> vaults, Selection selection);

    /**
     * Lists the vault and says what a run would do; writes nothing anywhere.
     *
     * @throws RunRefusedException if the configuration is wrong
     */
    RunPlan plan(RunRequest request, RunMonitor monitor);
}
