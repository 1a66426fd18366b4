package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.NotedProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a run was, interval by interval.
 *
 * @param intervals in order
 */
public record RateChart(List<Interval> intervals) {

    /** As many as a chart has room for, and a table stays one that somebody reads. */
    private static final int MOST = 120;

    private static final Duration SHORTEST = Duration.ofSeconds(2);

    public RateChart {
        intervals = List.copyOf(intervals);
    }

    /** What an execution did from one moment to another. */
    public record Interval(
            int execution, Instant from, Instant to, long done, long failed, long units, long throttles) {

        private double seconds() {
            return Math.max(1, Duration.between(from, to).toMillis()) / 1_000.0;
        }

        public double objectsPerSecond() {
            return done / seconds();
        }

        public double unitsPerSecond() {
            return units / seconds();
        }
    }

    /** What an execution notes when it ends may be a moment after what it noted before: its rate would be nonsense. */
    private static boolean isShort(NotedProgress.Point from, NotedProgress.Point to) {
        return Duration.between(from.notedAt(), to.notedAt()).compareTo(SHORTEST) < 0;
    }

    /** @param points in order; each execution counts from nothing */
    static RateChart of(List<NotedProgress.Point> points) {
        int together = Math.max(1, (points.size() + MOST - 1) / MOST);
        List<Interval> intervals = new ArrayList<>();
        int last = points.size() - 1;
        for (int first = 0; first < last; ) {
            NotedProgress.Point from = points.get(first);
            int end = first + 1;
            while (end < last
                    && points.get(end + 1).execution() == from.execution()
                    && (end - first < together || isShort(points.get(end), points.get(end + 1)))) {
                end++;
            }
            NotedProgress.Point to = points.get(end);
            if (to.execution() == from.execution()) {
                intervals.add(new Interval(
                        from.execution(),
                        from.notedAt(),
                        to.notedAt(),
                        to.done() - from.done(),
                        to.failed() - from.failed(),
                        to.spent() - from.spent(),
                        to.throttles() - from.throttles()));
            }
            first = end;
        }
        return new RateChart(intervals);
    }
}
