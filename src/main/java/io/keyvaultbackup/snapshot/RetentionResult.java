package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What forgetting came to at one vault, or would come to.
 *
 * @param dryRun whether all of this is only what would be done
 * @param stopped whether it was stopped before it was done
 * @param snapshots newest first
 * @param notSwept why not everything was looked at that nothing refers to; null if it was
 * @param damage manifests and tombstones that are not what they should be
 * @param incidents what the store did not do
 * @param ownPolicy by which policy it went, in words, if that is the vault's own; null where it is the general one
 */
public record RetentionResult(
        String vault,
        boolean dryRun,
        boolean stopped,
        List<Fate> snapshots,
        Counts counts,
        @Nullable NotSwept notSwept,
        List<IntegrityFinding> damage,
        List<Incident> incidents,
        @Nullable String ownPolicy,
        Duration duration) {

    public RetentionResult {
        snapshots = List.copyOf(snapshots);
        damage = List.copyOf(damage);
        incidents = List.copyOf(incidents);
    }

    /** The same, by this policy of the vault's own. */
    public RetentionResult by(String policy) {
        return new RetentionResult(
                vault, dryRun, stopped, snapshots, counts, notSwept, damage, incidents, policy, duration);
    }

    /** Whether everything was looked at that nothing refers to. */
    public boolean swept() {
        return notSwept == null;
    }

    /** Why something that nothing refers to may be left. */
    public enum NotSwept {
        UNREADABLE("a manifest can not be read, and nobody knows what it refers to"),
        STOPPED("it was stopped before"),
        FAILED("the store or the lease failed before");

        private final String words;

        NotSwept(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    /** What was done with a snapshot, or would be. */
    public enum Action {
        KEEP,
        REMOVE,
        /** It is to go, and was not removed: something came in between. */
        PENDING
    }

    /**
     * What becomes of a snapshot.
     *
     * @param complete null if it could not be read
     * @param reasons why it is kept; none if it goes
     */
    public record Fate(
            SnapshotId snapshot, @Nullable Boolean complete, Labels labels, List<String> reasons, Action action) {

        public Fate {
            reasons = List.copyOf(reasons);
        }

        /** As it was decided: what has no reason to be kept is still to be removed. */
        public Fate(SnapshotId snapshot, @Nullable Boolean complete, Labels labels, List<String> reasons) {
            this(snapshot, complete, labels, reasons, reasons.isEmpty() ? Action.PENDING : Action.KEEP);
        }

        /** The same, removed. */
        public Fate done() {
            return new Fate(snapshot, complete, labels, reasons, Action.REMOVE);
        }

        public boolean isKept() {
            return action == Action.KEEP;
        }
    }

    /**
     * What was removed, and what was left.
     *
     * @param snapshots whose manifests were removed, all of them
     * @param blobs removed, the orphans among them
     * @param bytes of these blobs
     * @param orphans removed that never belonged to a snapshot
     * @param orphansKept that are too young to be removed
     * @param locked blobs that nothing refers to, and that the store keeps from removal
     * @param lockedUntil when the last of these can be removed; null if none is, or somebody has to end a legal hold first
     * @param lockedUntold of the locked ones, those of which only the refusal told, and not until when
     * @param unsealedRuns that may be relaunched: they have neither manifest nor tombstone, or copies of a later execution than that of their last manifest, which is incomplete
     * @param unsealedBlobs of these runs
     */
    public record Counts(
            long snapshots,
            long manifests,
            long blobs,
            long bytes,
            long orphans,
            long orphansKept,
            long locked,
            @Nullable Instant lockedUntil,
            long lockedUntold,
            long unsealedRuns,
            long unsealedBlobs) {}
}
