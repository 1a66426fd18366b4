package io.keyvaultbackup.backup;

import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseLostException;
import io.keyvaultbackup.store.Leases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A machine whose clock goes on while it sleeps, and whose leases are another's once it has slept. All tests of a JVM share it. */
@TestConfiguration(proxyBeanMethods = false)
public class SleepingMachine {

    public static final Duration LIFETIME = Duration.ofHours(1);

    /** How long the machine has slept. */
    public static final AtomicReference<Duration> SLEPT = new AtomicReference<>(Duration.ZERO);

    @Bean
    @Primary
    InstantSource sleepingClock() {
        return () -> Instant.now().plus(SLEPT.get());
    }

    @Bean
    @Primary
    Leases lostWhileAsleep() {
        return (vault, snapshot, owner, least) -> new Lease() {
            @Override
            public int execution() {
                return least;
            }

            @Override
            public Duration lifetime() {
                return LIFETIME;
            }

            @Override
            public void renew() {
                if (SLEPT.get().isPositive()) {
                    throw new LeaseLostException(vault, snapshot, least, "somebody else has it");
                }
            }

            @Override
            public void close() {}
        };
    }
}
