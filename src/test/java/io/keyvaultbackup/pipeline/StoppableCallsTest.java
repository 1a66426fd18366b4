package io.keyvaultbackup.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHeldException;
import io.keyvaultbackup.store.Leases;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StoppableCallsTest {

    private final StopSignal stop = new StopSignal();
    private final StoppableCalls calls = new StoppableCalls(stop, new NoPatience());

    /** Its time is over at once. */
    private static final class NoPatience implements Stopwatch {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) {}
    }

    private record GivenBack(CompletableFuture<Boolean> closed) implements Lease {
        @Override
        public int execution() {
            return 1;
        }

        @Override
        public Duration lifetime() {
            return Duration.ofMinutes(1);
        }

        @Override
        public void renew() {}

        @Override
        public void close() {
            closed.complete(true);
        }
    }

    @Test
    void aLeaseThatComesAfterTheStopIsGivenBack() {
        // given
        CountDownLatch abandoned = new CountDownLatch(1);
        GivenBack late = new GivenBack(new CompletableFuture<>());
        Leases slow = (vault, snapshot, owner, least) -> {
            stop.give();
            await(abandoned);
            return late;
        };

        // when
        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> VaultLease.take(() -> slow, calls, "team-a.vault.azure.net", "a run", 1));
        assertThat(late.closed()).isNotDone();
        abandoned.countDown();

        // then
        assertThat(late.closed()).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void aLeaseThatComesInTimeIsKept() {
        GivenBack lease = new GivenBack(new CompletableFuture<>());

        assertThat(VaultLease.take(
                        () -> (vault, snapshot, owner, least) -> lease, calls, "team-a.vault.azure.net", "a run", 1))
                .isSameAs(lease);
        stop.give();
        assertThat(lease.closed()).isNotDone();
    }

    @Test
    void aVaultThatSomebodyElseHasIsRefused() {
        Leases held = (vault, snapshot, owner, least) -> {
            throw new LeaseHeldException(vault, null);
        };

        assertThatExceptionOfType(RunRefusedException.class)
                .isThrownBy(() -> VaultLease.take(() -> held, calls, "team-a.vault.azure.net", "a run", 1))
                .withMessageContaining("has only just begun, or is about to end. Wait until it has ended")
                .satisfies(refused -> assertThat(refused.why()).isEqualTo(RunRefusedException.Cause.HELD));
    }

    @Test
    void whatHasEndedIsNotHeardOfAtAStop() {
        // given
        AtomicInteger slept = new AtomicInteger();
        StoppableCalls counting = new StoppableCalls(stop, new Stopwatch() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) {
                slept.incrementAndGet();
            }
        });

        // when
        assertThat(counting.call(() -> "done")).isEqualTo("done");
        stop.give();

        // then
        assertThat(slept).hasValue(0);
        assertThatExceptionOfType(StoppedException.class).isThrownBy(() -> counting.call(() -> "another"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
