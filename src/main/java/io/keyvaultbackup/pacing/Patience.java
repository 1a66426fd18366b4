package io.keyvaultbackup.pacing;

import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Tries again what may pass: up to 4 tries with about 1, 2 and 4 s between them (each half to one and a half times that, so that
 * many threads do not come back together). Throttled calls get up to 10 tries and no wait of their own: the pacer makes all of
 * them wait. Anything else is thrown at once. Safe for use by many threads.
 */
public final class Patience {

    private static final int TRIES = 4;
    private static final int TRIES_WHEN_THROTTLED = 10;

    private final Stopwatch stopwatch;
    private final DoubleSupplier random;

    public Patience(Stopwatch stopwatch) {
        this(stopwatch, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param random from 0 to 1, for the jitter */
    Patience(Stopwatch stopwatch, DoubleSupplier random) {
        this.stopwatch = stopwatch;
        this.random = random;
    }

    /**
     * The result of the first try that succeeds.
     *
     * @param eachTry told before every try
     * @throws FailureException of the last try
     */
    public <T> T call(Supplier<T> what, Runnable eachTry) {
        int throttled = 0;
        for (int failed = 0; ; ) {
            eachTry.run();
            try {
                return what.get();
            } catch (FailureException failure) {
                FailureReason reason = failure.failure().reason();
                boolean again = reason == FailureReason.THROTTLED
                        ? ++throttled < TRIES_WHEN_THROTTLED
                        : reason.mayPass() && ++failed < TRIES;
                if (!again) {
                    throw failure;
                }
                if (reason != FailureReason.THROTTLED) {
                    pause(failed);
                }
            }
        }
    }

    private void pause(int failed) {
        double seconds = (1L << (failed - 1)) * (0.5 + random.getAsDouble());
        try {
            stopwatch.sleep(Duration.ofNanos((long) (seconds * 1_000_000_000)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting to try again");
        }
    }
}
