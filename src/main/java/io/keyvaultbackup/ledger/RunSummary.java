package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run in numbers, as they were when it began or ended last; what it does meanwhile is not in them.
 *
 * @param startedAt when its first execution began
 * @param endedAt when its latest execution ended; null while it is at work
 * @param manifest the newest that it has written; null if none
 * @param consistentAsOf of when the copies of that manifest are; null if that is not known
 * @param objects how many of each kind have each outcome
 * @param bytes of all copies that it has, those of earlier snapshots too
 * @param bytesCopied of those that it made itself
 * @param mostVersions that any of its objects has; null if none was counted
 * @param nearLimit how many objects are near the number of versions above which they can't be backed up
 * @param retries backup calls beyond the first of each object, of all executions
 * @param reasons of all that failed, listings too, and how often
 * @param objectsKept whether the rows of its objects are in the ledger; else only the manifest tells of each
 */
public record RunSummary(
        SnapshotId snapshot,
        VaultAddress vault,
        Instant scheduledFor,
        RunStatus status,
        int executions,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String manifest,
        @Nullable Instant consistentAsOf,
        long unitsSpent,
        long throttles,
        Map<ObjectKind, Map<Outcome, Long>> objects,
        long bytes,
        long bytesCopied,
        @Nullable Integer mostVersions,
        int nearLimit,
        long retries,
        Map<FailureReason, Long> reasons,
        boolean objectsKept) {

    /** How many versions of an object are near the 500 above which the service refuses to back it up. */
    public static final int NEAR_LIMIT = 400;

    public RunSummary {
        objects = Map.copyOf(objects);
        reasons = Map.copyOf(reasons);
    }

    /** How many objects have each outcome, of whatever kind; those that none has are absent. */
    public Map<Outcome, Long> outcomes() {
        return Counts.outcomes(objects);
    }

    public long count(Outcome outcome) {
        return outcomes().getOrDefault(outcome, 0L);
    }

    /** Sums over kinds. Stateless. */
    static final class Counts {

        private Counts() {}

        static Map<Outcome, Long> outcomes(Map<ObjectKind, Map<Outcome, Long>> objects) {
            Map<Outcome, Long> all = new EnumMap<>(Outcome.class);
            objects.values()
                    .forEach(ofKind -> ofKind.forEach((outcome, count) -> all.merge(outcome, count, Long::sum)));
            return all;
        }
    }
}
