package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run as the ledger knows it, with its executions in order. */
public record RunRecord(SnapshotId snapshot, RunRequest request, RunStatus status, List<Execution> executions) {

    public RunRecord {
        executions = List.copyOf(executions);
    }

    /**
     * One try at a run.
     *
     * @param consistentAsOf the service's time at which every copy was as its object; null if that is not known
     */
    public record Execution(
            int number,
            Instant startedAt,
            @Nullable Instant endedAt,
            RunStatus status,
            @Nullable String manifest,
            @Nullable Instant consistentAsOf,
            long unitsSpent,
            long throttles) {}

    /** The newest try; a run has at least one. */
    public Execution latest() {
        return executions.getLast();
    }
}
