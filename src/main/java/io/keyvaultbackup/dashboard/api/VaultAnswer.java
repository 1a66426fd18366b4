package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A vault as it stands. What is not known, or there is none of, is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record VaultAnswer(
        String vault,
        String path,
        String standing,
        @JsonProperty("newest_good") @Nullable Good newestGood,
        @JsonProperty("objective_seconds") long objectiveSeconds,
        @JsonProperty("failing_since") @Nullable Instant failingSince,
        @JsonProperty("latest_run") @Nullable Latest latestRun,
        List<RunStatus> runs,
        @JsonProperty("counted_run") @Nullable String countedRun,
        @Nullable Map<Outcome, Long> outcomes,
        @Nullable Map<String, Map<Outcome, Long>> kinds,
        @Nullable Map<FailureReason, Long> reasons,
        @JsonProperty("most_versions") @Nullable Integer mostVersions,
        @JsonProperty("near_limit") @Nullable Integer nearLimit,
        @Nullable Verified verified,
        @Nullable Drilled drilled,
        @Nullable Protection protection) {

    record Good(
            String snapshot,
            @JsonProperty("as_of") Instant asOf,
            @JsonProperty("age_seconds") long ageSeconds) {}

    record Latest(String run, @JsonProperty("scheduled_for") Instant scheduledFor, RunStatus status) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Verified(Instant at, @Nullable String manifest, int damage, int unknown) {}

    record Drilled(Instant at, String snapshot, String status) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Protection(
            String level,
            String location,
            @Nullable Boolean immutable,
            @Nullable Boolean versions,
            @JsonProperty("public_access") @Nullable Boolean publicAccess,
            @Nullable String unknown) {}

    static VaultAnswer of(VaultRow row) {
        @Nullable VaultSummary summary = row.summary();
        VaultSummary.@Nullable Counted counted = summary == null ? null : summary.counted();
        return new VaultAnswer(
                row.vault().toString(),
                row.path(),
                row.standing().key(),
                row.good() == null
                        ? null
                        : new Good(
                                row.good().snapshot().value(),
                                row.good().asOf(),
                                row.good().age().toSeconds()),
                row.objective().toSeconds(),
                summary == null ? null : summary.failingSince(),
                row.latest() == null
                        ? null
                        : new Latest(
                                row.latest().snapshot().value(),
                                row.latest().scheduledFor(),
                                row.latest().status()),
                row.runs(),
                counted == null ? null : counted.snapshot().value(),
                counted == null ? null : new TreeMap<>(counted.outcomes()),
                counted == null ? null : RunAnswer.byWord(counted.objects()),
                counted == null ? null : new TreeMap<>(counted.reasons()),
                summary == null ? null : summary.mostVersions(),
                summary == null ? null : summary.nearLimit(),
                verified(summary),
                drilled(summary),
                protection(row.protection()));
    }

    private static @Nullable Verified verified(@Nullable VaultSummary summary) {
        VaultSummary.@Nullable Verified told = summary == null ? null : summary.verified();
        return told == null ? null : new Verified(told.at(), told.manifest(), told.damage(), told.unknown());
    }

    private static @Nullable Drilled drilled(@Nullable VaultSummary summary) {
        VaultSummary.@Nullable Drilled told = summary == null ? null : summary.drilled();
        return told == null ? null : new Drilled(told.at(), told.snapshot(), told.status());
    }

    private static @Nullable Protection protection(@Nullable SeenProtection seen) {
        return seen == null
                ? null
                : new Protection(
                        seen.level().name().toLowerCase(Locale.ROOT),
                        seen.location(),
                        seen.immutable(),
                        seen.versions(),
                        seen.publicAccess(),
                        seen.unknown());
    }
}
