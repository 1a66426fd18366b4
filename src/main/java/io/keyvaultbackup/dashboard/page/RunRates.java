package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.RunNow;
import io.keyvaultbackup.ledger.NotedProgress;
import io.keyvaultbackup.pacing.Budget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fast a run was, as a chart and as a table.
 *
 * @param budget requests a second that it may make; null if that is not known
 * @param label the whole in a sentence
 */
public record RunRates(List<Row> rows, @Nullable String budget, String label) {

    /** @param at in seconds since 1970, for the chart */
    public record Row(
            Moment to, long at, int execution, String objects, String units, String failed, String throttles) {}

    static RunRates of(RunNow now) {
        @Nullable NotedProgress noted = now.progress();
        List<Row> rows = now.chart().intervals().stream()
                .map(interval -> new Row(
                        Moment.of(interval.to()),
                        interval.to().getEpochSecond(),
                        interval.execution(),
                        Words.rate(interval.objectsPerSecond()),
                        Words.rate(interval.unitsPerSecond()),
                        Words.of(interval.failed()),
                        Words.of(interval.throttles())))
                .toList();
        double most = now.chart().intervals().stream()
                .mapToDouble(interval -> interval.objectsPerSecond())
                .max()
                .orElse(0);
        return new RunRates(
                rows,
                noted == null || noted.budget() == 0
                        ? null
                        : Words.rate(noted.budget() / (double) Budget.WINDOW.toSeconds()),
                "Objects and requests a second over time; at most " + Words.rate(most) + " objects a second");
    }
}
