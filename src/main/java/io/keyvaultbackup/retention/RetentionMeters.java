package io.keyvaultbackup.retention;

import io.keyvaultbackup.snapshot.RetentionResult;
import io.keyvaultbackup.telemetry.MetricPushes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.springframework.beans.factory.ObjectProvider;

/** Counts what forgetting does; docs/metrics.md has the names, which are a public interface. */
final class RetentionMeters {

    private static final String PREFIX = "keyvault.retention.";

    private final MeterRegistry registry;
    private final ObjectProvider<MetricPushes> pushes;

    RetentionMeters(MeterRegistry registry, ObjectProvider<MetricPushes> pushes) {
        this.registry = registry;
        this.pushes = pushes;
    }

    void ended(RetentionResult result) {
        RetentionResult.Counts counts = result.counts();
        add(result, "snapshots.removed", counts.snapshots());
        add(result, "blobs.removed", counts.blobs());
        add(result, "bytes.freed", counts.bytes());
        add(result, "damage", result.damage().size());
        registry.timer(PREFIX + "run", tags(result).and("status", status(result)))
                .record(result.duration());
        pushes.ifAvailable(pushing -> pushing.ended("forget", result.vault()));
    }

    private void add(RetentionResult result, String name, long number) {
        registry.counter(PREFIX + name, tags(result)).increment((double) number);
    }

    private static Tags tags(RetentionResult result) {
        return Tags.of("vault", result.vault());
    }

    private static String status(RetentionResult result) {
        if (result.stopped()) {
            return "stopped";
        }
        return result.swept() && result.incidents().isEmpty() ? "complete" : "incomplete";
    }
}
