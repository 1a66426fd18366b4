package io.keyvaultbackup.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.Lease;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KeptLeaseTest {

    private record Renewed(Duration lifetime, Runnable renewal) implements Lease {
        @Override
        public int execution() {
            return 1;
        }

        @Override
        public void renew() {
            renewal.run();
        }

        @Override
        public void close() {}
    }

    @Test
    @Timeout(60)
    void aRenewalThatHangsHoldsNothing() {
        // given
        CountDownLatch never = new CountDownLatch(1);
        StopSignal run = new StopSignal();
        try (KeptLease lease = new KeptLease(
                new Renewed(Duration.ofMillis(300), () -> {
                    try {
                        never.await();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                }),
                "team-a",
                "a run",
                run)) {
            // when its time is over
            while (lease.isHeld()) {
                Thread.onSpinWait();
            }

            // then
            assertThat(run.isGiven()).isTrue();
            assertThat(lease.lost()).isPresent();
            assertThat(lease.isHeld()).isFalse();
            never.countDown();
        }
    }

    @Test
    void whatIsNotYetOverIsHeld() {
        StopSignal run = new StopSignal();
        try (KeptLease lease = new KeptLease(new Renewed(Duration.ofMinutes(5), () -> {}), "team-a", "a run", run)) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(run.isGiven()).isFalse();
        }
    }
}
