package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One vault at one scheduled time, in whole seconds.
 *
 * @param full whether every object is to be copied, also what an earlier snapshot has a copy of
 */
public record RunRequest(VaultAddress vault, Instant scheduledFor, Selection selection, boolean full) {

    public RunRequest {
        scheduledFor = scheduledFor.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A run that refers to copies of earlier snapshots where it may. */
    public RunRequest(VaultAddress vault, Instant scheduledFor, Selection selection) {
        this(vault, scheduledFor, selection, false);
    }

    /** The same run, which is full once any launch of it was. */
    public RunRequest orFull(boolean already) {
        return new RunRequest(vault, scheduledFor, selection, full || already);
    }

    public SnapshotId snapshot() {
        return SnapshotId.of(vault, scheduledFor);
    }
}
