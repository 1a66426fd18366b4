package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vault as its runs, examinations and drills left it.
 *
 * @param latest its newest run, also one at work; null if this database knows none
 * @param strip how its newest runs stand, the newest last; at most {@link #STRIP}
 * @param complete its newest run that was complete; null if none was
 * @param failingSince for when the first run after that was scheduled that ended and was not complete; null if there is none
 * @param counted the numbers of its newest run that is not at work; null if there is none
 * @param mostVersions that any of its objects had in the newest run that counted them; null if none did
 * @param nearLimit how many objects were near the limit then
 * @param verified what was told last of an examination; null if nothing was
 * @param drilled the newest drill that ended; null if none did
 * @param changedAt when any of this was written last, by the database's clock
 */
public record VaultSummary(
        VaultAddress vault,
        @Nullable Latest latest,
        List<RunStatus> strip,
        @Nullable Complete complete,
        @Nullable Instant failingSince,
        @Nullable Counted counted,
        @Nullable Integer mostVersions,
        int nearLimit,
        @Nullable Verified verified,
        @Nullable Drilled drilled,
        Instant changedAt) {

    /** How many runs a strip shows. */
    public static final int STRIP = 30;

    public VaultSummary {
        strip = List.copyOf(strip);
    }

    /** A run, and how it stands. */
    public record Latest(SnapshotId snapshot, Instant scheduledFor, RunStatus status) {}

    /**
     * A run that was complete: the vault's newest good snapshot.
     *
     * @param startedAt when its first execution began: no copy is older, but for those of earlier snapshots whose objects had not changed
     * @param consistentAsOf of when its copies are; null if that is not known
     */
    public record Complete(
            SnapshotId snapshot,
            Instant scheduledFor,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable Instant consistentAsOf) {}

    /** What {@link RunSummary} says of a run's objects. */
    public record Counted(
            SnapshotId snapshot, Map<ObjectKind, Map<Outcome, Long>> objects, Map<FailureReason, Long> reasons) {

        public Counted {
            objects = Map.copyOf(objects);
            reasons = Map.copyOf(reasons);
        }

        /** How many objects have each outcome, of whatever kind; those that none has are absent. */
        public Map<Outcome, Long> outcomes() {
            return RunSummary.Counts.outcomes(objects);
        }
    }

    /**
     * What an examination told.
     *
     * @param manifest of the snapshot, by its name in the store
     * @param damage how many of its findings were damage
     * @param unknown how many copies the store did not give, so that nothing is known of them
     */
    public record Verified(Instant at, String manifest, int damage, int unknown) {}

    /** @param status as {@code recovery.RestoreStatus} has it */
    public record Drilled(Instant at, String snapshot, String status) {}
}
