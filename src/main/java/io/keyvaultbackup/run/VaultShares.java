package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.Collection;

/** Hands out the vaults of a night to those who work on them. Safe for use by many threads. */
public interface VaultShares {

    /** All of them to the threads of this process, the largest first. */
    VaultShare own(Collection<VaultAddress> vaults, StopSignal stop);

    /**
     * Each to one process at a time of those that share a job database and a scheduled time, the largest first; what a process has that dies is handed to
     * another.
     *
     * @throws RuntimeException if the job database can't be used
     */
    VaultShare shared(Instant scheduledFor, Collection<VaultAddress> vaults, StopSignal stop);
}
