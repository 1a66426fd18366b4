package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.NotedProgress;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.run.RunMonitor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How fast a run has been of late.
 *
 * @param objectsPerSecond over the last minute or so
 * @param unitsPerSecond of the budget, likewise
 * @param budgetShare which part of the budget that is: 1 is all of it; null if no budget was noted
 * @param timeLeft if it goes on so; null where that is not known: what is left is known while objects are backed up, and not before
 */
public record RunPace(
        double objectsPerSecond,
        double unitsPerSecond,
        @Nullable Double budgetShare,
        @Nullable Duration timeLeft) {

    /** A pause that a 429 asks for is shorter. */
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private static final Duration TOO_SHORT = Duration.ofSeconds(1);

    /** Empty where too little was noted to tell. */
    static Optional<RunPace> of(NotedProgress now, List<NotedProgress.Point> points) {
        List<NotedProgress.Point> ofExecution = points.stream()
                .filter(point -> point.execution() == now.execution())
                .filter(point -> !point.notedAt().isAfter(now.notedAt().minus(TOO_SHORT)))
                .toList();
        if (ofExecution.isEmpty()) {
            return Optional.empty();
        }
        NotedProgress.Point before = ofExecution.stream()
                .filter(point -> !point.notedAt().isBefore(now.notedAt().minus(WINDOW)))
                .findFirst()
                .orElse(ofExecution.getLast());
        double seconds = Duration.between(before.notedAt(), now.notedAt()).toMillis() / 1_000.0;
        double objects = Math.max(0, now.done() - before.done()) / seconds;
        double units = Math.max(0, now.spent() - before.spent()) / seconds;
        boolean backingUp = now.phase() == RunMonitor.Phase.BACKUP && objects > 0;
        return Optional.of(new RunPace(
                objects,
                units,
                now.budget() == 0 ? null : units * Budget.WINDOW.toSeconds() / now.budget(),
                backingUp ? Duration.ofSeconds(Math.round((now.total() - now.done()) / objects)) : null));
    }
}
