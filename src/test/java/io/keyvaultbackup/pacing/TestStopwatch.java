package io.keyvaultbackup.pacing;

import java.time.Duration;

/** Time that passes when somebody sleeps, at once, and when a test says so. */
public final class TestStopwatch implements Stopwatch {

    private long nanos;
    private Duration slept = Duration.ZERO;
    private Runnable meanwhile = () -> {};

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized void sleep(Duration duration) {
        nanos += duration.toNanos();
        slept = slept.plus(duration);
        Runnable what = meanwhile;
        meanwhile = () -> {};
        what.run();
    }

    /** Happens while somebody sleeps for the next time. */
    synchronized void meanwhile(Runnable what) {
        meanwhile = what;
    }

    synchronized void advance(Duration duration) {
        nanos += duration.toNanos();
    }

    /** All sleep together. */
    public synchronized Duration slept() {
        return slept;
    }
}
