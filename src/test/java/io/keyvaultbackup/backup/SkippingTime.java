package io.keyvaultbackup.backup;

import io.keyvaultbackup.pacing.Stopwatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * One time for a program and its vaults: the machine's, which leaps ahead whenever somebody would sleep. For a vault's settings and, as a
 * test configuration, for the program. All tests of a JVM share it.
 */
@TestConfiguration(proxyBeanMethods = false)
public class SkippingTime {

    private static final Object CHANGE = new Object();
    private static final AtomicLong SKIPPED = new AtomicLong();

    /** For the vaults. */
    public static final InstantSource CLOCK = () -> Instant.now().plusNanos(SKIPPED.get());

    /** Time passes. */
    public static void skip(Duration duration) {
        atOneMoment(() -> SKIPPED.addAndGet(duration.toNanos()));
    }

    /** Time does not leap while this runs: an object's change, and the time that the vault gives it, are one. */
    static void atOneMoment(Runnable what) {
        synchronized (CHANGE) {
            what.run();
        }
    }

    /** Begins a second, so that what is done next is done within it. */
    static void beginASecond() {
        Instant now = CLOCK.instant();
        skip(Duration.between(now, now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1)));
    }

    @Bean
    @Primary
    Stopwatch skippingStopwatch() {
        return new Stopwatch() {
            @Override
            public long nanos() {
                return System.nanoTime() + SKIPPED.get();
            }

            @Override
            public void sleep(Duration duration) {
                skip(duration);
            }
        };
    }
}
