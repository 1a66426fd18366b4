package io.keyvaultbackup.emulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much a vault grants within a sliding window.
 *
 * @param units what all requests within the window may cost together
 * @param window how long a request counts
 * @param retryAfter what a refused request is told in {@code Retry-After}; null: the header is not sent, as often in the service
 */
public record RequestLimit(
        int units, Duration window, @Nullable Duration retryAfter) {

    /** The service's published limit: 4,000 units in 10 seconds, refusals without {@code Retry-After}. */
    public static RequestLimit published() {
        return of(4_000);
    }

    /** So many units in 10 seconds, refusals without {@code Retry-After}. */
    public static RequestLimit of(int units) {
        return new RequestLimit(units, Duration.ofSeconds(10), null);
    }

    public RequestLimit withWindow(Duration length) {
        return new RequestLimit(units, length, retryAfter);
    }

    public RequestLimit withRetryAfter(Duration pause) {
        return new RequestLimit(units, window, pause);
    }
}
