package io.keyvaultbackup.emulator;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A vault's limit: a sliding window, measured when a request arrives. What it refuses does not count. A test that needs a second
 * client, competing for the same vault, takes from it directly.
 */
public final class RateLimiter {

    private final InstantSource clock;
    private @Nullable RequestLimit limit;
    private SlidingWindow window;
    private long granted;
    private long refused;

    RateLimiter(@Nullable RequestLimit limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
        this.window = windowOf(limit);
    }

    /** Takes so many units, if the window still holds them. */
    public synchronized boolean tryTake(double cost) {
        long amount = SlidingWindow.thirds(cost);
        RequestLimit current = limit;
        var now = clock.instant();
        if (current != null && window.sum(now) + amount > 3L * current.units()) {
            refused++;
            return false;
        }
        if (current != null) {
            window.add(now, amount);
        }
        granted++;
        return true;
    }

    /** Replaces the limit from now on; null: none is enforced. The window starts empty. */
    public synchronized void change(@Nullable RequestLimit replacement) {
        limit = replacement;
        window = windowOf(replacement);
    }

    /** What the window still holds, in units; without a limit, a number without end. */
    public synchronized double remaining() {
        RequestLimit current = limit;
        return current == null ? Double.POSITIVE_INFINITY : current.units() - window.sum(clock.instant()) / 3.0;
    }

    public synchronized long granted() {
        return granted;
    }

    public synchronized long refused() {
        return refused;
    }

    synchronized @Nullable Duration retryAfter() {
        return limit == null ? null : limit.retryAfter();
    }

    private static SlidingWindow windowOf(@Nullable RequestLimit limit) {
        return new SlidingWindow(limit == null ? Duration.ofSeconds(10) : limit.window());
    }
}
