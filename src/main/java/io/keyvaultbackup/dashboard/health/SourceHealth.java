package io.keyvaultbackup.dashboard.health;

import io.keyvaultbackup.dashboard.view.Reading;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether a source answers: UP, or DOWN with why and what to do.
 *
 * @param source what it tells within a time
 */
record SourceHealth(Function<Duration, ? extends Reading<?>> source) implements HealthIndicator {

    /** Whoever asks waits 5 s, of which the rest is for the way. */
    static final Duration LIMIT = Duration.ofSeconds(4);

    @Override
    public Health health() {
        return switch (source.apply(LIMIT)) {
            case Reading.Known<?> known -> Health.up().build();
            case Reading.Missing<?>(String why, String advice) ->
                Health.down()
                        .withDetail("reason", why)
                        .withDetail("advice", advice)
                        .build();
            case Reading.Awaited<?> awaited ->
                Health.down().withDetail("reason", awaited()).build();
        };
    }

    static String awaited() {
        return "There is no answer yet; it was waited for " + LIMIT.toSeconds() + " seconds.";
    }
}
