package io.keyvaultbackup.pacing;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Tries again what may pass, as often as {@linkplain io.keyvaultbackup.vault.FailureReason#tries() its reason} says. The waits double, and
 * each is half to one and a half times as long as said, so that many threads do not come back together; a service that asks for more
 * ({@code Retry-After}) is left alone for as long, up to 2 minutes. Anything else is thrown at once. Safe for use by many threads.
 */
public final class Patience {

    private static final Duration LONGEST_OBEYED = Duration.ofMinutes(2);

    private final Stopwatch stopwatch;
    private final Consumer<Failure> again;
    private final DoubleSupplier random;

    public Patience(Stopwatch stopwatch) {
        this(stopwatch, failure -> {});
    }

    /** @param again told what failed, before each try but the first */
    public Patience(Stopwatch stopwatch, Consumer<Failure> again) {
        this(stopwatch, again, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param random from 0 to 1, for the jitter */
    Patience(Stopwatch stopwatch, Consumer<Failure> again, DoubleSupplier random) {
        this.stopwatch = stopwatch;
        this.again = again;
        this.random = random;
    }

    /** As {@link #call(Supplier, Runnable)}, where nobody counts. */
    public <T> T call(Supplier<T> what) {
        return call(what, () -> {});
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
            } catch (FailureException thrown) {
                Failure failure = thrown.failure();
                // The limit's refusals cost the service nothing and say nothing of the call; they are counted apart.
                boolean tryAgain = switch (failure.reason()) {
                    case THROTTLED -> ++throttled < failure.reason().tries();
                    default -> ++failed < failure.reason().tries();
                };
                if (!tryAgain) {
                    throw thrown;
                }
                again.accept(failure);
                pause(waitBefore(failed, failure));
            }
        }
    }

    private Duration waitBefore(int failed, Failure failure) {
        long first = failure.reason().firstWait().toNanos();
        Duration backOff =
                Duration.ofNanos(first == 0 ? 0 : (long) ((first << (failed - 1)) * (0.5 + random.getAsDouble())));
        Duration asked = failure.retryAfter();
        if (first == 0 || asked == null || asked.compareTo(backOff) <= 0) {
            return backOff;
        }
        return asked.compareTo(LONGEST_OBEYED) < 0 ? asked : LONGEST_OBEYED;
    }

    private void pause(Duration wait) {
        if (wait.isZero()) {
            return;
        }
        try {
            stopwatch.sleep(wait);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting to try again");
        }
    }
}
