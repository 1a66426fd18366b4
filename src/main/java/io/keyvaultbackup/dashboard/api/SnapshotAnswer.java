package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.dashboard.snapshots.SnapshotFacts;
import io.keyvaultbackup.ledger.VaultChecks;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A snapshot, under the names that {@code snapshots --json} has. What is not known is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SnapshotAnswer(
        String snapshot,
        String vault,
        @Nullable String manifest,
        boolean pinned,
        List<String> tags,
        @JsonProperty("label_doubts") @Nullable List<String> labelDoubts,
        @Nullable String unreadable,
        @Nullable Integer execution,
        @Nullable Boolean complete,
        @JsonProperty("scheduled_for") @Nullable Instant scheduledFor,
        @JsonProperty("sealed_at") @Nullable Instant sealedAt,
        @Nullable String subscription,
        @Nullable String geography,
        @JsonProperty("consistent_as_of") @Nullable Instant consistentAsOf,
        @JsonProperty("moving_count") @Nullable Long movingCount,
        @JsonProperty("immutable_until") @Nullable Instant immutableUntil,
        @Nullable Long chain,
        @Nullable String selection,
        Map<Outcome, Long> outcomes,
        @Nullable Map<String, Map<Outcome, Long>> kinds,
        @Nullable Long bytes,
        @Nullable Verified verified,
        @Nullable Drilled drilled) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Verified(
            Instant at,
            int findings,
            int damage,
            int unknown,
            @Nullable Long copies,
            @JsonProperty("copies_read") @Nullable Long copiesRead) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Drilled(
            @Nullable Instant at,
            @Nullable String status,
            String target,
            @Nullable String report) {}

    static SnapshotAnswer of(VaultAddress vault, SnapshotFacts snapshot) {
        ManifestHead head = snapshot.head();
        return new SnapshotAnswer(
                snapshot.id().value(),
                vault.storeName(),
                snapshot.manifest(),
                snapshot.labels().labels().pinned(),
                List.copyOf(snapshot.labels().labels().tags()),
                snapshot.labels().doubts().isEmpty() ? null : snapshot.labels().doubts(),
                snapshot.unreadable(),
                head == null ? null : head.execution(),
                snapshot.complete(),
                snapshot.id().scheduledFor().orElse(null),
                head == null ? null : head.sealedAt(),
                head == null ? null : head.place().subscription(),
                head == null ? null : head.place().geography(),
                snapshot.consistentAsOf(),
                head == null ? null : head.movingCount(),
                head == null ? null : head.immutableUntil(),
                head == null ? null : head.chain().number(),
                head == null ? null : head.request().selection().canonical(),
                new TreeMap<>(snapshot.outcomes()),
                snapshot.run() == null ? null : RunAnswer.byWord(snapshot.run().objects()),
                snapshot.run() == null ? null : snapshot.run().bytes(),
                verified(snapshot.verified()),
                drilled(snapshot.drilled()));
    }

    private static @Nullable Verified verified(VaultChecks.@Nullable Verification verification) {
        VaultChecks.Result told = verification == null ? null : verification.told();
        return told == null
                ? null
                : new Verified(
                        told.at(), told.findings(), told.damage(), told.unknown(), told.copies(), told.copiesRead());
    }

    private static @Nullable Drilled drilled(VaultChecks.@Nullable Drill drill) {
        return drill == null ? null : new Drilled(drill.endedAt(), drill.status(), drill.target(), drill.report());
    }
}
