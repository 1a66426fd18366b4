package io.keyvaultbackup.backup;

import io.keyvaultbackup.pacing.Stopwatch;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/**
 * How long single calls take, those that fail too; what is waited for before them, for the budget or to try again, is none of it. Where the bounds of the
 * histograms come from is in docs/metrics.md.
 */
final class CallTimes {

    private static final Duration[] BACKUP = seconds(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 240);
    private static final Duration[] UPLOAD = seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60);

    private final Timer backups;
    private final Timer uploads;
    private final Stopwatch stopwatch;

    CallTimes(MeterRegistry registry, Tags tags, Stopwatch stopwatch) {
        this.backups = Timer.builder("keyvault.backup.call")
                .tags(tags)
                .serviceLevelObjectives(BACKUP)
                .register(registry);
        this.uploads = Timer.builder("keyvault.backup.upload")
                .tags(tags)
                .serviceLevelObjectives(UPLOAD)
                .register(registry);
        this.stopwatch = stopwatch;
    }

    /** A backup call on the vault. */
    <T> T ofBackup(Supplier<T> call) {
        return timed(backups, call);
    }

    /** The upload of a copy. */
    <T> T ofUpload(Supplier<T> call) {
        return timed(uploads, call);
    }

    private <T> T timed(Timer timer, Supplier<T> call) {
        long began = stopwatch.nanos();
        try {
            return call.get();
        } finally {
            timer.record(Duration.ofNanos(stopwatch.nanos() - began));
        }
    }

    private static Duration[] seconds(double... bounds) {
        return DoubleStream.of(bounds)
                .mapToObj(bound -> Duration.ofMillis(Math.round(bound * 1000)))
                .toArray(Duration[]::new);
    }
}
