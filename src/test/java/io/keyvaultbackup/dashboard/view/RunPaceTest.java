package io.keyvaultbackup.dashboard.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.ledger.NotedProgress;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How fast a run was, of late and over time. */
class RunPaceTest {

    private static final Instant BEGAN = Instant.parse("2026-11-24T03:00:00Z");

    private static NotedProgress noted(RunMonitor.Phase phase, long done, long spent, int second) {
        return new NotedProgress(
                new SnapshotId("20261124T030000Z-4f2a9c"),
                2,
                "any",
                phase,
                1_000,
                done,
                0,
                1_000,
                spent,
                2_000,
                0,
                200,
                BEGAN.plusSeconds(second));
    }

    private static NotedProgress.Point point(int execution, int second, long done, long spent) {
        return new NotedProgress.Point(execution, BEGAN.plusSeconds(second), done, 0, spent, 0);
    }

    @Test
    void tellsTheRateOfTheLastMinuteTheShareOfTheBudgetAndTheTimeLeft() {
        List<NotedProgress.Point> points = List.of(
                point(1, 95, 900, 9_000), point(2, 10, 0, 0), point(2, 50, 100, 1_000), point(2, 99, 590, 5_900));

        assertThat(RunPace.of(noted(RunMonitor.Phase.BACKUP, 600, 6_000, 100), points))
                .hasValue(new RunPace(10, 100, 0.5, Duration.ofSeconds(40)));
    }

    @Test
    void whatIsNotKnownIsNotTold() {
        List<NotedProgress.Point> points = List.of(point(2, 0, 0, 0));

        assertThat(RunPace.of(noted(RunMonitor.Phase.SETTLE, 600, 6_000, 30), points))
                .hasValueSatisfying(pace -> assertThat(pace.timeLeft()).isNull());
        assertThat(RunPace.of(noted(RunMonitor.Phase.BACKUP, 0, 6_000, 30), points))
                .hasValueSatisfying(pace -> assertThat(pace.timeLeft()).isNull());
        assertThat(RunPace.of(noted(RunMonitor.Phase.BACKUP, 600, 6_000, 0), points))
                .isEmpty();
        assertThat(RunPace.of(noted(RunMonitor.Phase.BACKUP, 600, 6_000, 30), List.of()))
                .isEmpty();
    }

    @Test
    void aChartHasEachExecutionByItselfAndNoMoreIntervalsThanItHasRoomFor() {
        List<NotedProgress.Point> points = IntStream.range(0, 2_000)
                .mapToObj(number ->
                        point(number < 1_000 ? 1 : 2, 10 * number, number % 1_000 * 20L, number % 1_000 * 50L))
                .toList();

        List<RateChart.Interval> intervals = RateChart.of(points).intervals();

        assertThat(intervals).hasSizeBetween(100, 122).allSatisfy(interval -> {
            assertThat(interval.objectsPerSecond()).isEqualTo(2);
            assertThat(interval.unitsPerSecond()).isEqualTo(5);
        });
        assertThat(intervals.stream().mapToLong(RateChart.Interval::done).sum()).isEqualTo(2 * 999 * 20);
        assertThat(intervals).extracting(RateChart.Interval::execution).containsOnly(1, 2);
        assertThat(RateChart.of(points.subList(0, 1)).intervals()).isEmpty();
        assertThat(RateChart.of(List.of()).intervals()).isEmpty();
    }
}
