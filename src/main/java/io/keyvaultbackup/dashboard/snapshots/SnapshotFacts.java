package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.ledger.VaultChecks;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.StoredLabels;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot, as far as the sources tell of it.
 *
 * @param stored as the store lists it; null if the store does not tell
 * @param head what its manifest says of the whole; null if the store does not tell, or it can not be read
 * @param unreadable why the manifest can not be read; null if it can
 * @param labels none where the store does not tell
 * @param run the run that made it; null if the job database does not know it
 * @param verified the newest examination of it of which something was told; null if none is known
 * @param drilled its newest drill that has ended; null if none is known
 */
public record SnapshotFacts(
        SnapshotId id,
        @Nullable StoredSnapshot stored,
        @Nullable ManifestHead head,
        @Nullable String unreadable,
        StoredLabels labels,
        @Nullable RunSummary run,
        VaultChecks.@Nullable Verification verified,
        VaultChecks.@Nullable Drill drilled) {

    /** The name of its manifest in the store; null if nobody knows it. */
    public @Nullable String manifest() {
        return stored != null ? stored.manifest().name() : run == null ? null : run.manifest();
    }

    /** Whether every object is done; null if nobody knows. */
    public @Nullable Boolean complete() {
        return head != null
                ? Boolean.valueOf(head.complete())
                : run == null ? null : run.status() == RunStatus.COMPLETE;
    }

    /** The moment of which all copies are; null if there is none, or nobody knows it. */
    public @Nullable Instant consistentAsOf() {
        return head != null ? head.consistentAsOf() : run == null ? null : run.consistentAsOf();
    }

    /** How many objects have each outcome. */
    public Map<Outcome, Long> outcomes() {
        return head != null ? head.counts() : run == null ? Map.of() : run.outcomes();
    }

    SnapshotFacts with(DatabaseFacts database) {
        return new SnapshotFacts(
                id,
                stored,
                head,
                unreadable,
                labels,
                database.runs().get(id),
                manifest() == null ? null : database.verified().get(manifest()),
                database.drilled().get(id));
    }
}
