package io.keyvaultbackup.pacing;

import java.time.Duration;

/** Time that passes when somebody sleeps, at once, and when a test says so. */
public final class TestStopwatch implements Stopwatch {

    private long nanos;
    private Duration slept = Duration.ZERO;

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized void sleep(Duration duration) {
        nanos += duration.toNanos();
        slept = slept.plus(duration);
    }

    synchronized void advance(Duration duration) {
        nanos += duration.toNanos();
    }

    /** All sleep together. */
    public synchronized Duration slept() {
        return slept;
    }
}
