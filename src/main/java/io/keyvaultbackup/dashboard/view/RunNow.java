package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.NotedProgress;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a run was at a moment.
 *
 * @param progress what was noted last; null if nothing was, or no more
 * @param points what it had done by when, in order
 */
public record RunNow(RunSummary run, @Nullable NotedProgress progress, List<NotedProgress.Point> points, Instant at) {

    /** It notes how far it is each two seconds. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    public RunNow {
        points = List.copyOf(points);
    }

    public boolean isRunning() {
        return run.status() == RunStatus.RUNNING;
    }

    /** Since when it has not noted anything, if that is so long that its process may have died; else null. */
    public @Nullable Instant silentSince() {
        Instant last = progress == null ? run.startedAt() : progress.notedAt();
        return isRunning() && last.plus(SILENCE).isBefore(at) ? last : null;
    }

    /** Empty where it is not at work, or too little was noted to tell. */
    public Optional<RunPace> pace() {
        return progress != null && isRunning() && silentSince() == null
                ? RunPace.of(progress, points)
                : Optional.empty();
    }

    public RateChart chart() {
        return RateChart.of(points);
    }
}
