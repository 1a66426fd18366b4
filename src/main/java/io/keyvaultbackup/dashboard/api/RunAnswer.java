package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.dashboard.view.RunNow;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run in numbers, as they were when it began or ended last.
 *
 * @param progress how far it is; left out in lists, and where it is not at work
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunAnswer(
        String run,
        String vault,
        @JsonProperty("scheduled_for") Instant scheduledFor,
        RunStatus status,
        int executions,
        @JsonProperty("started_at") Instant startedAt,
        @JsonProperty("ended_at") @Nullable Instant endedAt,
        @Nullable String manifest,
        @JsonProperty("consistent_as_of") @Nullable Instant consistentAsOf,
        @JsonProperty("units_spent") long unitsSpent,
        long throttled,
        Map<Outcome, Long> outcomes,
        Map<String, Map<Outcome, Long>> kinds,
        long bytes,
        @JsonProperty("bytes_copied") long bytesCopied,
        @JsonProperty("most_versions") @Nullable Integer mostVersions,
        @JsonProperty("near_limit") int nearLimit,
        long retries,
        Map<FailureReason, Long> reasons,
        @JsonProperty("objects_kept") boolean objectsKept,
        @Nullable ProgressAnswer progress) {

    static RunAnswer of(RunSummary run) {
        return of(run, null);
    }

    /** With how far it is, if it is at work. */
    static RunAnswer of(RunNow now) {
        return of(now.run(), now.isRunning() ? ProgressAnswer.of(now) : null);
    }

    private static RunAnswer of(RunSummary run, @Nullable ProgressAnswer progress) {
        return new RunAnswer(
                run.snapshot().value(),
                run.vault().toString(),
                run.scheduledFor(),
                run.status(),
                run.executions(),
                run.startedAt(),
                run.endedAt(),
                run.manifest(),
                run.consistentAsOf(),
                run.unitsSpent(),
                run.throttles(),
                new TreeMap<>(run.outcomes()),
                byWord(run.objects()),
                run.bytes(),
                run.bytesCopied(),
                run.mostVersions(),
                run.nearLimit(),
                run.retries(),
                new TreeMap<>(run.reasons()),
                run.objectsKept(),
                progress);
    }

    static Map<String, Map<Outcome, Long>> byWord(Map<ObjectKind, Map<Outcome, Long>> objects) {
        Map<String, Map<Outcome, Long>> kinds = new TreeMap<>();
        objects.forEach((kind, outcomes) -> kinds.put(kind.word(), new TreeMap<>(outcomes)));
        return kinds;
    }
}
