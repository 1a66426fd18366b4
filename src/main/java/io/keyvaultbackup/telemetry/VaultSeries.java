package io.keyvaultbackup.telemetry;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.List;
import java.util.regex.Pattern;

/** Of all series those of one vault: what is another's, or nobody's, is not to be in its group; nor what belongs to another of its groups. */
final class VaultSeries {

    private static final Pattern OF_NOTIFICATIONS = Pattern.compile("keyvault[._]backup[._]notifications.*");

    private VaultSeries() {}

    /** Whether a meter goes into the group of that job; those of notifications, which are sent when a job has ended, have one of their own. */
    static boolean belongs(String name, String job) {
        return OF_NOTIFICATIONS.matcher(name).matches() == job.equals(MetricPushes.NOTIFICATIONS);
    }

    static MetricSnapshots of(String job, String vault, MetricSnapshots all) {
        MetricSnapshots.Builder chosen = MetricSnapshots.builder();
        for (MetricSnapshot metric : all) {
            if (!belongs(metric.getMetadata().getName(), job)) {
                continue;
            }
            MetricSnapshot ofVault = switch (metric) {
                case CounterSnapshot counters ->
                    new CounterSnapshot(metric.getMetadata(), of(vault, counters.getDataPoints()));
                case GaugeSnapshot gauges -> new GaugeSnapshot(metric.getMetadata(), of(vault, gauges.getDataPoints()));
                case HistogramSnapshot histograms ->
                    new HistogramSnapshot(metric.getMetadata(), of(vault, histograms.getDataPoints()));
                case SummarySnapshot summaries ->
                    new SummarySnapshot(metric.getMetadata(), of(vault, summaries.getDataPoints()));
                default -> new GaugeSnapshot(metric.getMetadata(), List.of()); // Micrometer makes no others
            };
            if (!ofVault.getDataPoints().isEmpty()) {
                chosen.metricSnapshot(ofVault);
            }
        }
        return chosen.build();
    }

    private static <T extends DataPointSnapshot> List<T> of(String vault, List<T> points) {
        return points.stream()
                .filter(point -> vault.equals(point.getLabels().get(OfVault.VAULT)))
                .toList();
    }
}
