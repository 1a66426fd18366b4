package io.keyvaultbackup.restore;

import io.keyvaultbackup.recovery.DrillResult;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.telemetry.LastValues;
import io.keyvaultbackup.telemetry.MetricPushes;
import io.keyvaultbackup.telemetry.OfVault;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;

/** Counts what drills come to, by the vault that is restored from; docs/metrics.md has the names, which are a public interface. */
final class DrillMeters {

    private static final String PREFIX = "keyvault.drill.";

    private final MeterRegistry registry;
    private final LastValues last;
    private final ObjectProvider<MetricPushes> pushes;
    private final InstantSource clock;

    DrillMeters(MeterRegistry registry, LastValues last, ObjectProvider<MetricPushes> pushes, InstantSource clock) {
        this.registry = registry;
        this.last = last;
        this.pushes = pushes;
        this.clock = clock;
    }

    void ended(DrillResult result) {
        String vault = result.outcome().request().snapshot().vault();
        for (RestoreOutcome outcome : RestoreOutcome.values()) {
            last.set(PREFIX + "last.objects", null, Tags.of(OfVault.VAULT, vault, "outcome", word(outcome)), (double)
                    result.outcome().count(outcome));
        }
        DrillResult.Timing timing = result.timing();
        if (timing != null) {
            last.set(
                    PREFIX + "projected",
                    LastValues.SECONDS,
                    Tags.of(OfVault.VAULT, vault),
                    timing.projected().toMillis() / 1000.0);
        }
        ended(vault, result.outcome().status(), result.outcome().duration());
    }

    /** It could not be carried through at all. */
    void failed(String vault, Duration duration) {
        ended(vault, RestoreStatus.FAILED, duration);
    }

    private void ended(String vault, RestoreStatus status, Duration duration) {
        Tags tags = Tags.of(OfVault.VAULT, vault);
        registry.timer(PREFIX + "run", tags.and("status", word(status))).record(duration);
        double now = clock.millis() / 1000.0;
        last.set(PREFIX + "last.run.timestamp", LastValues.SECONDS, tags, now);
        if (status == RestoreStatus.COMPLETE) {
            last.set(PREFIX + "last.success.timestamp", LastValues.SECONDS, tags, now);
        }
        for (RestoreStatus one : RestoreStatus.values()) {
            last.set(PREFIX + "last.status", null, tags.and("status", word(one)), one == status ? 1 : 0);
        }
        pushes.ifAvailable(pushing -> pushing.ended("drill", vault));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
