package io.keyvaultbackup.reliability;

import io.keyvaultbackup.pacing.Stopwatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * One time for the launches of a group and its vaults: the machine's, which leaps ahead whenever a launch would wait. What a launch waited for
 * has passed for the next one too, and for the service: else each would find the service's time to have gone back.
 */
@TestConfiguration(proxyBeanMethods = false)
class GroupTime {

    /** The property that says whose time it is. */
    static final String GROUP = "test.group";

    private static final Map<Long, AtomicLong> WAITED = new ConcurrentHashMap<>();

    private static AtomicLong waited(long group) {
        return WAITED.computeIfAbsent(group, any -> new AtomicLong());
    }

    /** For the vaults of that group. */
    static InstantSource clock(long group) {
        AtomicLong waited = waited(group);
        return () -> Instant.now().plusNanos(waited.get());
    }

    /** Time passes for the group's launches and vaults. */
    static void skip(long group, Duration duration) {
        waited(group).addAndGet(duration.toNanos());
    }

    @Bean
    @Primary
    Stopwatch groupStopwatch(@Value("${" + GROUP + "}") long group) {
        AtomicLong waited = waited(group);
        return new Stopwatch() {
            @Override
            public long nanos() {
                return System.nanoTime() + waited.get();
            }

            @Override
            public void sleep(Duration duration) {
                waited.addAndGet(duration.toNanos());
            }
        };
    }
}
