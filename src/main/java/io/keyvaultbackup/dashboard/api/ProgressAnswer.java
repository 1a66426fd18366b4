package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.dashboard.view.RunNow;
import io.keyvaultbackup.dashboard.view.RunPace;
import io.keyvaultbackup.ledger.NotedProgress;
import io.keyvaultbackup.run.RunMonitor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a run at work is. What is not known is left out.
 *
 * @param listed objects listed so far
 * @param total objects that are to be backed up, as far as that is known
 * @param budget units that may be spent in 10 s
 * @param budgetShare which part of the budget was spent of late: 1 is all of it
 * @param silentSince nothing was noted since, and its process may have died
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProgressAnswer(
        int execution,
        String process,
        RunMonitor.Phase phase,
        long listed,
        long done,
        long failed,
        long total,
        @JsonProperty("units_spent") long unitsSpent,
        long budget,
        long throttled,
        @JsonProperty("noted_at") Instant notedAt,
        @JsonProperty("objects_per_second") @Nullable Double objectsPerSecond,
        @JsonProperty("units_per_second") @Nullable Double unitsPerSecond,
        @JsonProperty("budget_share") @Nullable Double budgetShare,
        @JsonProperty("seconds_left") @Nullable Long secondsLeft,
        @JsonProperty("silent_since") @Nullable Instant silentSince) {

    /** Null where nothing was noted. */
    static @Nullable ProgressAnswer of(RunNow now) {
        NotedProgress noted = now.progress();
        if (noted == null) {
            return null;
        }
        @Nullable RunPace pace = now.pace().orElse(null);
        return new ProgressAnswer(
                noted.execution(),
                noted.process(),
                noted.phase(),
                noted.listed(),
                noted.done(),
                noted.failed(),
                noted.total(),
                noted.spent(),
                noted.budget(),
                noted.throttles(),
                noted.notedAt(),
                pace == null ? null : pace.objectsPerSecond(),
                pace == null ? null : pace.unitsPerSecond(),
                pace == null ? null : pace.budgetShare(),
                pace == null || pace.timeLeft() == null ? null : pace.timeLeft().toSeconds(),
                now.silentSince());
    }
}
