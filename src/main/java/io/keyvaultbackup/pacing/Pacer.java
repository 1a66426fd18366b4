package io.keyvaultbackup.pacing;

import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Spends a {@link Budget} at one vault. Two rules hold at all times:
 *
 * <ul>
 *   <li>Calls are spread evenly at the current rate; what a stall left unused may be caught up, a second's worth at most. The rate starts at the
 *       budget; a 429 halves it and pauses all calls (for as long as the service asks, else 1, 2, 4, 8, 16 s), and each call that
 *       goes well lets it climb back by a steady quarter of the budget per window.
 *   <li>No more than the budget is ever outstanding: a call is charged from its grant until a full window after its answer. The
 *       service counts a call somewhere between the two, so however its window lies, it never sees more than the budget, and the
 *       cost of that certainty is the latency over the window (20 ms over 10 s: 0.2 %).
 * </ul>
 *
 * Example: with 2,000 units, 200 calls a second; after a 429 at t = 0 none until 1 s, then 100 a second, at 21 s 200 again.
 *
 * <p>First come, first served, but for listings: pages come one after the other, and would each wait for all objects that wait. Safe for use by many
 * threads.
 */
public final class Pacer {

    private static final long WINDOW = Budget.WINDOW.toNanos();
    private static final long CATCH_UP = Duration.ofSeconds(1).toNanos();
    private static final long RECHECK = Duration.ofMillis(5).toNanos();
    private static final double DECREASE = 0.5;
    private static final double INCREASE_PER_WINDOW = 0.25;
    private static final double FLOOR = 0.02;
    private static final int LONGEST_PAUSE_EXPONENT = 4;

    private final Budget budget;
    private final Stopwatch stopwatch;
    private final @Nullable SubscriptionPacer shared;
    private final ReentrantLock queue = new ReentrantLock(true);
    private final ReentrantLock turns = new ReentrantLock(true);
    private final ReentrantLock state = new ReentrantLock();
    private final Deque<Charge> charges = new ArrayDeque<>();

    private double rate;
    private long outstanding;
    private long nextGrant;
    private long pausedUntil;
    private long lastDecrease;
    private long lastIncrease;
    private int throttlesInARow;
    private long spent;
    private long throttles;

    public Pacer(Budget budget, Stopwatch stopwatch) {
        this(budget, stopwatch, null);
    }

    /** @param shared what calls at this vault spend too, and those at others with it */
    public Pacer(Budget budget, Stopwatch stopwatch, @Nullable SubscriptionPacer shared) {
        this.budget = budget;
        this.stopwatch = stopwatch;
        this.shared = shared;
        this.rate = budget.units();
        long now = stopwatch.nanos();
        this.nextGrant = now;
        this.pausedUntil = now;
        this.lastDecrease = now - 1;
        this.lastIncrease = now;
    }

    /** Waits for its turn and for room in the budget; the permit is to be closed when the answer is there, whatever it says. */
    public Permit acquire(int cost) throws InterruptedException {
        queue.lockInterruptibly();
        try {
            return acquireSoon(cost);
        } finally {
            queue.unlock();
        }
    }

    /** The same, of which one call that waits otherwise may come first, and others of this sort. */
    Permit acquireSoon(int cost) throws InterruptedException {
        int charged = Math.min(cost, budget.units());
        turns.lockInterruptibly();
        try {
            while (true) {
                long wait = tryGrant(charged);
                if (wait <= 0) {
                    return new Permit(charged, stopwatch.nanos());
                }
                stopwatch.sleep(Duration.ofNanos(wait));
            }
        } finally {
            turns.unlock();
        }
    }

    /** Makes a call that is charged so much; a 429 of it is heard. */
    <T> T charged(int cost, Supplier<T> call) {
        return charged(cost, false, call);
    }

    /** The same, before nearly all that wait. */
    <T> T chargedSoon(int cost, Supplier<T> call) {
        return charged(cost, true, call);
    }

    private <T> T charged(int cost, boolean soon, Supplier<T> call) {
        try (Permit permit = soon ? acquireSoon(cost) : acquire(cost)) {
            try (Permit _ = shared == null ? null : shared.acquire(cost, soon)) {
                awaitTheEndOfAPause();
                return call.get();
            } catch (VaultException failed) {
                if (failed.failure().reason() == FailureReason.THROTTLED) {
                    permit.throttled(failed.failure().retryAfter());
                }
                throw failed;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for the budget");
        }
    }

    /** This vault may have answered 429 while the other permit was waited for. */
    private void awaitTheEndOfAPause() throws InterruptedException {
        for (long wait = pause(); wait > 0; wait = pause()) {
            stopwatch.sleep(Duration.ofNanos(wait));
        }
    }

    private long pause() {
        state.lock();
        try {
            return pausedUntil - stopwatch.nanos();
        } finally {
            state.unlock();
        }
    }

    /** The same for a call without a result. */
    void charge(int cost, Runnable call) {
        charged(cost, () -> {
            call.run();
            return true;
        });
    }

    /** Takes the cost and returns 0, or returns how long to wait before asking again. */
    private long tryGrant(int cost) {
        state.lock();
        try {
            long now = stopwatch.nanos();
            while (!charges.isEmpty() && charges.getFirst().endsAt() - now <= 0) {
                outstanding -= charges.removeFirst().cost();
            }
            long wait = Math.max(pausedUntil - now, nextGrant - now);
            if (wait > 0) {
                return wait;
            }
            if (outstanding + cost > budget.units()) {
                return charges.isEmpty()
                        ? RECHECK
                        : Math.min(RECHECK, charges.getFirst().endsAt() - now);
            }
            outstanding += cost;
            spent += cost;
            nextGrant = Math.max(nextGrant, now - CATCH_UP) + (long) (cost * WINDOW / rate);
            return 0;
        } finally {
            state.unlock();
        }
    }

    /** How the budget was used so far. */
    public Usage usage() {
        state.lock();
        try {
            return new Usage(budget, spent, throttles, rate / Budget.WINDOW.toSeconds());
        } finally {
            state.unlock();
        }
    }

    /**
     * @param spent units granted so far
     * @param throttles answers 429 so far
     * @param perSecond units a second that are allowed now
     */
    public record Usage(Budget budget, long spent, long throttles, double perSecond) {}

    private record Charge(long endsAt, int cost) {}

    /** Leave for one call. Closed once; used by one thread. */
    public final class Permit implements AutoCloseable {

        private final int cost;
        private final long grantedAt;
        private boolean throttled;

        private Permit(int cost, long grantedAt) {
            this.cost = cost;
            this.grantedAt = grantedAt;
        }

        /** The service answered 429, with or without saying how long to stay away. */
        public void throttled(@Nullable Duration retryAfter) {
            throttled = true;
            state.lock();
            try {
                throttles++;
                long now = stopwatch.nanos();
                // Calls that were under way when the rate was halved tell nothing about the new rate.
                boolean aboutTheRateOfNow = grantedAt - lastDecrease > 0;
                if (aboutTheRateOfNow) {
                    rate = Math.max(rate * DECREASE, Math.max(1, budget.units() * FLOOR));
                    lastDecrease = now;
                }
                if (retryAfter != null) {
                    pauseUntil(now + retryAfter.toNanos());
                } else if (aboutTheRateOfNow) {
                    pauseUntil(now
                            + Duration.ofSeconds(1L << Math.min(throttlesInARow, LONGEST_PAUSE_EXPONENT))
                                    .toNanos());
                }
                if (aboutTheRateOfNow) {
                    throttlesInARow++;
                }
            } finally {
                state.unlock();
            }
        }

        private void pauseUntil(long moment) {
            if (moment - pausedUntil > 0) {
                pausedUntil = moment;
            }
            // What was saved up before the pause is not spent in a burst after it.
            nextGrant = Math.max(nextGrant, pausedUntil);
        }

        @Override
        public void close() {
            state.lock();
            try {
                long now = stopwatch.nanos();
                charges.addLast(new Charge(now + WINDOW, cost));
                if (!throttled && grantedAt - lastDecrease > 0) {
                    throttlesInARow = 0;
                    long passed = Math.min(now - lastIncrease, WINDOW / 10);
                    rate = Math.min(budget.units(), rate + INCREASE_PER_WINDOW * budget.units() * passed / WINDOW);
                }
                lastIncrease = now;
            } finally {
                state.unlock();
            }
        }
    }
}
