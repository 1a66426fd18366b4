package io.keyvaultbackup.backup;

import io.keyvaultbackup.pacing.Stopwatch;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What time it is at the service, at least: the newest {@code Date} that it sent, and what has passed since. Its answers tell whole seconds and
 * were under way for a while, so the true time may be later, never earlier; whatever this machine's own clock says. Safe for use by many threads.
 */
final class ServiceTime {

    /** A time that is further away than a service's own clocks differ is no time to wait for. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private record Heard(Instant date, long nanos) {}

    private final Stopwatch stopwatch;
    private final AtomicReference<@Nullable Heard> newest = new AtomicReference<>();

    ServiceTime(Stopwatch stopwatch) {
        this.stopwatch = stopwatch;
    }

    /** The {@code Date} of an answer that has just come, if it had one. */
    void heard(@Nullable Instant date) {
        if (date != null) {
            Heard now = new Heard(date, stopwatch.nanos());
            newest.accumulateAndGet(
                    now, (before, after) -> before == null || at(after).isAfter(at(before)) ? after : before);
        }
    }

    /** What it is by now, at least; null if the service never told. */
    @Nullable
    Instant atLeast() {
        Heard heard = newest.get();
        // Rounded down to what the ledger keeps.
        return heard == null ? null : at(heard).truncatedTo(ChronoUnit.MILLIS);
    }

    private Instant at(@Nullable Heard heard) {
        return heard == null ? Instant.MIN : heard.date().plusNanos(stopwatch.nanos() - heard.nanos());
    }

    /** As {@link #atLeast()}, once it is at least this, unless that would take long. */
    @Nullable
    Instant waitFor(Instant moment) {
        Instant now = atLeast();
        if (now != null && now.isBefore(moment)) {
            Duration wait = Duration.between(now, moment);
            if (wait.compareTo(LONGEST_WAIT) <= 0) {
                pass(wait);
            }
        }
        return atLeast();
    }

    /** Lets so much time pass. */
    void pass(Duration wait) {
        try {
            stopwatch.sleep(wait);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for the service's time");
        }
    }
}
