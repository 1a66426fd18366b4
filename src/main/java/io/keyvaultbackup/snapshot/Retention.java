package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import java.util.Collection;

/** Forgets snapshots by the configured policy; the verbs' way to the job that does. */
public interface Retention {

    /**
     * Whether there is a policy by which anything may be forgotten at a vault: its own, or the general one.
     *
     * @param vault its folder in the store
     */
    boolean hasPolicy(String vault);

    /**
     * Refuses before anything is looked at what could not be done at any vault, or should be at none.
     *
     * @throws RunRefusedException if there is no policy at all, or one without a rule, which would forget almost everything, or a
     *     public key and nobody to sign
     */
    void check();

    /** That nothing is to be forgotten, as there is no policy of these vaults, for people. */
    RunRefusedException noPolicy(Collection<String> vaults);

    /**
     * What {@link #forget} would do now. Nothing is written or removed, no lease is taken, no job database is opened.
     *
     * @param vault its folder in the store
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be used
     */
    RetentionResult plan(String vault, RunMonitor monitor);

    /**
     * Forgets what the policy does not keep, and removes what nothing refers to any more. Returns when the job has ended.
     *
     * @param vault its folder in the store
     * @param stop ends it between two removals; the next forget goes on
     * @throws RunRefusedException if somebody else holds the vault
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be used, and nothing was removed
     */
    RetentionResult forget(String vault, RunMonitor monitor, StopSignal stop);
}
