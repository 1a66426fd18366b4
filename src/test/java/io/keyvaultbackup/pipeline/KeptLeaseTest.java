package io.keyvaultbackup.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseLostException;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KeptLeaseTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final StopSignal run = new StopSignal();
    private final AtomicInteger renewals = new AtomicInteger();
    private volatile Instant now = Instant.parse("2026-11-24T03:00:00Z");

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
    void aRenewalThatHangsHoldsNothing() throws InterruptedException {
        // given
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        try (KeptLease lease = kept(Duration.ofMillis(300), () -> hang(hanging, never))) {
            hanging.await();

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
        try (KeptLease lease = kept(LONG, renewals::incrementAndGet)) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(run.isGiven()).isFalse();
            assertThat(renewals).hasValue(0);
        }
    }

    @Test
    void whatSeemsToBeOverIsHeldIfTheStoreSaysSo() {
        // given
        try (KeptLease lease = kept(LONG, renewals::incrementAndGet)) {
            // when the machine sleeps, and its stopwatch with it
            now = now.plus(LONG);

            // then
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.isHeld()).isTrue();
            assertThat(renewals).as("renewals").hasValue(1);
        }
    }

    @Test
    void whoSleptUntilAnotherHadItHoldsNothing() {
        try (KeptLease lease = kept(LONG, () -> {
            throw new LeaseLostException("team-a", "a run", 1, "somebody else has it");
        })) {
            now = now.plus(LONG);

            assertThat(lease.isHeld()).isFalse();
            assertThat(run.isGiven()).isTrue();
            assertThat(lease.lost().orElseThrow()).hasMessageContaining("somebody else has it");
        }
    }

    @Test
    void whoSleptAndCanAskNobodyHoldsNothing() {
        try (KeptLease lease = kept(LONG, () -> {
            throw unavailable();
        })) {
            now = now.plus(LONG);

            assertThat(lease.isHeld()).isFalse();
            assertThat(run.isGiven()).isTrue();
        }
    }

    @Test
    void theTimeIsCountedFromBeforeTheLeaseWasAskedFor() {
        // given an answer that was long on its way
        try (KeptLease lease = KeptLease.of(
                () -> {
                    now = now.plus(LONG);
                    return new Renewed(LONG, renewals::incrementAndGet);
                },
                "team-a",
                "a run",
                run,
                () -> now)) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(renewals).as("renewals").hasValue(1);
        }
    }

    @Test
    void theTimeOfARenewalIsCountedFromBeforeItWasAskedFor() {
        try (KeptLease lease = kept(LONG, () -> now = now.plus(LONG))) {
            now = now.plus(LONG);

            assertThat(lease.isHeld()).isFalse();
        }
    }

    @Test
    @Timeout(60)
    void aClockThatIsPutBackMakesNothingLast() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        try (KeptLease lease = kept(Duration.ofMillis(300), () -> hang(hanging, never))) {
            hanging.await();
            now = now.minus(Duration.ofDays(1));
            while (lease.isHeld()) {
                Thread.onSpinWait();
            }
            assertThat(lease.lost()).isPresent();
            never.countDown();
        }
    }

    @Test
    @Timeout(60)
    void aRenewalThatFailsIsMadeAgainSoonAndAsOftenAsItsTimeAllows() throws InterruptedException {
        // given a store that fails three renewals, of which there would be two in a lifetime, the first with an Error
        CountDownLatch renewed = new CountDownLatch(1);
        try (KeptLease lease = kept(Duration.ofSeconds(6), () -> {
            switch (renewals.incrementAndGet()) {
                case 1 -> throw new NoClassDefFoundError("of the SDK");
                case 2, 3 -> throw unavailable();
                default -> renewed.countDown();
            }
        })) {
            // when
            renewed.await();

            // then
            assertThat(lease.isHeld()).isTrue();
            assertThat(run.isGiven()).isFalse();
        }
    }

    @Test
    @Timeout(60)
    void whoCanAskNobodyUntilItsTimeIsOverHoldsNothing() throws InterruptedException {
        // given
        CountDownLatch stopped = new CountDownLatch(1);
        run.onGiven(stopped::countDown);
        try (KeptLease lease = kept(Duration.ofSeconds(6), () -> {
            renewals.incrementAndGet();
            throw unavailable();
        })) {
            // when nobody asks whether it is held
            stopped.await();

            // then
            assertThat(lease.lost().orElseThrow()).hasMessageContaining("no way there");
            assertThat(renewals).as("renewals").hasValueGreaterThan(1);
        }
    }

    @Test
    @Timeout(60)
    void givingItBackWaitsForNoRenewalThatIsToCome() {
        KeptLease lease = kept(Duration.ofMinutes(10), renewals::incrementAndGet);
        long begin = System.nanoTime();

        lease.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    }

    private static StoreException unavailable() {
        return new StoreException(Failure.of(FailureReason.STORE_UNAVAILABLE, "no way there"), null);
    }

    private static void hang(CountDownLatch hanging, CountDownLatch never) {
        hanging.countDown();
        try {
            never.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void manyWhoAskAtOnceRenewItOnce() throws Exception {
        try (KeptLease lease = kept(LONG, renewals::incrementAndGet);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            now = now.plus(LONG);

            for (var held : threads.invokeAll(Collections.<Callable<Boolean>>nCopies(16, lease::isHeld))) {
                assertThat(held.get()).isTrue();
            }

            assertThat(renewals).as("renewals").hasValue(1);
        }
    }

    @Test
    @Timeout(60)
    void somebodyLooksAfterEachRenewalAndHoldsNoneUp() throws InterruptedException {
        // given a look that hangs
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch renewedMeanwhile = new CountDownLatch(6);
        AtomicInteger looks = new AtomicInteger();
        try (KeptLease lease = kept(Duration.ofMillis(300), renewedMeanwhile::countDown)) {
            lease.afterRenewals(() -> {
                looks.incrementAndGet();
                hang(hanging, never);
            });

            // when
            hanging.await();
            renewedMeanwhile.await();

            // then
            assertThat(looks).hasValue(1);
            assertThat(lease.isHeld()).isTrue();
            never.countDown();
        }
    }

    @Test
    @Timeout(60)
    void aLookThatFailsIsMadeAgain() throws InterruptedException {
        CountDownLatch looks = new CountDownLatch(3);
        try (KeptLease lease = kept(Duration.ofMillis(300), renewals::incrementAndGet)) {
            lease.afterRenewals(() -> {
                looks.countDown();
                throw new IllegalStateException("the store is away");
            });

            looks.await();

            assertThat(lease.isHeld()).isTrue();
            assertThat(run.isGiven()).isFalse();
        }
    }

    private KeptLease kept(Duration lifetime, Runnable renewal) {
        return KeptLease.of(() -> new Renewed(lifetime, renewal), "team-a", "a run", run, () -> now);
    }
}
