package io.keyvaultbackup.pacing;

import java.time.Duration;

/** Time that passes, and waiting for it; injected, so that tests need not wait. Safe for use by many threads. */
public interface Stopwatch {

    /** Nanoseconds since some fixed moment; never goes back. */
    long nanos();

    /** Returns once at least so much time has passed. */
    void sleep(Duration duration) throws InterruptedException;

    /** The machine's own. */
    static Stopwatch system() {
        return new Stopwatch() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) throws InterruptedException {
                Thread.sleep(duration);
            }
        };
    }
}
