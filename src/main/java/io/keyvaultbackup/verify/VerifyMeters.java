package io.keyvaultbackup.verify;

import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.snapshot.VerificationResult;
import io.keyvaultbackup.telemetry.LastValues;
import io.keyvaultbackup.telemetry.MetricPushes;
import io.keyvaultbackup.telemetry.OfVault;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;

/** Counts what verifications find; docs/metrics.md has the names, which are a public interface. */
final class VerifyMeters {

    private static final String PREFIX = "keyvault.verify.";

    private final MeterRegistry registry;
    private final LastValues last;
    private final ObjectProvider<MetricPushes> pushes;
    private final InstantSource clock;

    VerifyMeters(MeterRegistry registry, LastValues last, ObjectProvider<MetricPushes> pushes, InstantSource clock) {
        this.registry = registry;
        this.last = last;
        this.pushes = pushes;
        this.clock = clock;
    }

    /** One that was stopped, or that the store did not give every copy, says nothing of how the snapshot is. */
    void ended(VerificationResult result) {
        String vault = result.request().snapshot().vault();
        Tags tags = Tags.of(OfVault.VAULT, vault);
        String status = status(result);
        registry.timer(PREFIX + "run", tags.and("status", status)).record(result.duration());
        registry.counter(PREFIX + "copies.read", tags).increment((double) result.copiesRead());
        last.set(PREFIX + "last.run.timestamp", LastValues.SECONDS, tags, now());
        if (status.equals("intact") || status.equals("damaged")) {
            last.set(PREFIX + "last.ended.timestamp", LastValues.SECONDS, tags, now());
            for (IntegrityProblem.Level level : IntegrityProblem.Level.values()) {
                last.set(
                        PREFIX + "last.findings",
                        null,
                        tags.and("level", level.name().toLowerCase(Locale.ROOT)),
                        (double) result.findings().stream()
                                .filter(finding -> finding.problem().level() == level)
                                .count());
            }
        }
        pushes.ifAvailable(pushing -> pushing.ended("verify", vault));
    }

    private static String status(VerificationResult result) {
        if (result.has(IntegrityProblem.Level.DAMAGE)) {
            return "damaged";
        }
        if (result.stopped()) {
            return "stopped";
        }
        return result.has(IntegrityProblem.Level.UNKNOWN) ? "incomplete" : "intact";
    }

    private double now() {
        return clock.millis() / 1000.0;
    }
}
