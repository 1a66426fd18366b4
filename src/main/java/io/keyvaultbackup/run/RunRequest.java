package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One vault at one scheduled time, in whole seconds. */
public record RunRequest(VaultAddress vault, Instant scheduledFor, Selection selection) {

    public RunRequest {
        scheduledFor = scheduledFor.truncatedTo(ChronoUnit.SECONDS);
    }

    public SnapshotId snapshot() {
        return SnapshotId.of(vault, scheduledFor);
    }
}
