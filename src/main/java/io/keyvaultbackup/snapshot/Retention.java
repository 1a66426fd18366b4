package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.StopSignal;

/** Forgets snapshots by the configured policy; the verbs' way to the job that does. */
public interface Retention {

    /**
     * Which snapshots are kept.
     *
     * @throws io.keyvaultbackup.run.RunRefusedException if there is no rule, which would forget almost everything, or a public key and nobody to sign
     */
    KeepPolicy policy();

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
     * @throws io.keyvaultbackup.run.RunRefusedException if somebody else holds the vault
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be used, and nothing was removed
     */
    RetentionResult forget(String vault, RunMonitor monitor, StopSignal stop);
}
