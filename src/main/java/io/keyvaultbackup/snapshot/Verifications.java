package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.StopSignal;

/** Proves snapshots; the verbs' way to the job that does. */
public interface Verifications {

    /**
     * Examines a snapshot, or continues the examination of the same that did not end: copies that were read are not read again. Returns when
     * the job has ended.
     *
     * @param stop ends it early; what was found is kept
     * @throws io.keyvaultbackup.run.RunRefusedException if the same is being examined by another process
     * @throws io.keyvaultbackup.vault.FailureException if the store could not be used
     */
    VerificationResult verify(VerificationRequest request, RunMonitor monitor, StopSignal stop);
}
