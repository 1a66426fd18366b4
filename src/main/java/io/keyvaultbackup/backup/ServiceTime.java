package io.keyvaultbackup.backup;

import io.keyvaultbackup.pacing.Stopwatch;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What time it is at the service, at least: the newest {@code Date} that it sent, and nine tenths of what has passed since. Its answers tell whole
 * seconds and were under way for a while, and a machine whose clock is being corrected counts its seconds up to a twelfth too short (chrony's
 * default), so the true time may be later, never earlier; whatever this machine's own clock says. Safe for use by many threads.
 */
final class ServiceTime {

    /** A time that is further away than a service's own clocks differ is no time to wait for. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** What was heard longer ago is worth a page to hear it anew. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final long TENTH = 10;

    private record Heard(Instant date, long nanos) {}

    private final Stopwatch stopwatch;
    private final AtomicReference<@Nullable Heard> newest = new AtomicReference<>();
    private volatile long lastHeard;

    ServiceTime(Stopwatch stopwatch) {
        this.stopwatch = stopwatch;
    }

    /** The {@code Date} of an answer that has just come, if it had one. */
    void heard(@Nullable Instant date) {
        if (date != null) {
            lastHeard = stopwatch.nanos();
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

    /** Whether the service told its time only a moment ago. */
    boolean isFresh() {
        return newest.get() != null && stopwatch.nanos() - lastHeard < FRESH.toNanos();
    }

    private Instant at(@Nullable Heard heard) {
        if (heard == null) {
            return Instant.MIN;
        }
        long passed = stopwatch.nanos() - heard.nanos();
        return heard.date().plusNanos(passed - passed / TENTH);
    }

    /** As {@link #atLeast()}, once it is at least this, unless that would take long. */
    @Nullable
    Instant waitFor(Instant moment) {
        Instant now = atLeast();
        if (now != null && now.isBefore(moment)) {
            Duration wait = Duration.between(now, moment);
            if (wait.compareTo(LONGEST_WAIT) <= 0) {
                // nine tenths of it count; the last millisecond is lost to rounding
                pass(wait.multipliedBy(TENTH).dividedBy(TENTH - 1).plusMillis(2));
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
