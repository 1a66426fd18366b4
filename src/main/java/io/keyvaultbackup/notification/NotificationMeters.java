package io.keyvaultbackup.notification;

import io.keyvaultbackup.telemetry.LastValues;
import io.keyvaultbackup.telemetry.MetricPushes;
import io.keyvaultbackup.telemetry.OfVault;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what became of notifications; docs/metrics.md has the names, which are a public interface. Safe for use by many threads. */
final class NotificationMeters {

    private static final String NAME = "keyvault.backup.notifications";

    private final MeterRegistry registry;
    private final LastValues last;
    private final @Nullable MetricPushes pushes;
    private final InstantSource clock;

    /** @param pushes null where nothing is pushed */
    NotificationMeters(MeterRegistry registry, @Nullable MetricPushes pushes, InstantSource clock) {
        this.registry = registry;
        this.last = new LastValues(registry);
        this.pushes = pushes;
        this.clock = clock;
    }

    void ended(Way way, List<Notice> notices, boolean sent) {
        for (Notice notice : notices) {
            Tags tags = Tags.of(OfVault.VAULT, notice.vault(), "way", way.name());
            registry.counter(
                            NAME,
                            tags.and("format", way.format())
                                    .and("event", notice.event().key())
                                    .and("outcome", sent ? "sent" : "failed"))
                    .increment();
            last.set(NAME + ".last.failed", null, tags, sent ? 0 : 1);
            last.set(
                    NAME + ".last.timestamp",
                    LastValues.SECONDS,
                    tags,
                    clock.instant().toEpochMilli() / 1000.0);
        }
        if (pushes != null) {
            notices.stream()
                    .map(Notice::vault)
                    .distinct()
                    .forEach(vault -> pushes.ended(MetricPushes.NOTIFICATIONS, vault));
        }
    }
}
