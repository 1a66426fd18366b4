package io.keyvaultbackup.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacerTest {

    private final TestStopwatch stopwatch = new TestStopwatch();

    @Test
    void spreadsCallsEvenlyFromTheFirstOn() throws Exception {
        // given 200 a second
        Pacer pacer = new Pacer(new Budget(2_000), stopwatch);

        // when
        for (int call = 0; call < 401; call++) {
            pacer.acquire(1).close();
        }

        // then
        assertThat(stopwatch.slept()).isEqualTo(Duration.ofSeconds(2));
        assertThat(pacer.usage().spent()).isEqualTo(401);
        assertThat(pacer.usage().throttles()).isZero();
    }

    @Test
    void manyVaultsTogetherSpendNoMoreThanTheirSubscriptionMay() {
        // given eight vaults of a budget of ten each, and fifty for all
        SubscriptionPacer shared = new SubscriptionPacer(new Budget(10).ofSubscription(), stopwatch);
        List<Pacer> vaults = IntStream.range(0, 8)
                .mapToObj(vault -> new Pacer(new Budget(10), stopwatch, shared))
                .toList();
        List<Long> calls = new ArrayList<>();

        // when each has one call after the other
        for (int round = 0; round < 25; round++) {
            vaults.forEach(vault -> vault.charge(1, () -> calls.add(stopwatch.nanos())));
        }

        // then
        assertThat(calls).hasSize(200);
        for (int first = 0; first + 50 < calls.size(); first++) {
            assertThat(calls.get(first + 50) - calls.get(first)).isGreaterThanOrEqualTo(Budget.WINDOW.toNanos());
        }
        assertThat(shared.usage().spent()).isEqualTo(200);
        assertThat(vaults).allSatisfy(vault -> assertThat(vault.usage().spent()).isEqualTo(25));
    }

    @Test
    void processesThatShareABudgetSpendTheirPartEach() {
        // given four processes of five vaults each, which together may spend fifty
        List<SubscriptionPacer> processes = IntStream.range(0, 4)
                .mapToObj(process -> new SubscriptionPacer(new Budget(10).ofSubscription(), stopwatch))
                .toList();
        processes.forEach(process -> process.sharedBy(4));
        List<Pacer> vaults = processes.stream()
                .flatMap(process ->
                        IntStream.range(0, 5).mapToObj(vault -> new Pacer(new Budget(10), stopwatch, process)))
                .toList();
        List<Long> calls = new ArrayList<>();

        // when
        for (int round = 0; round < 10; round++) {
            vaults.forEach(vault -> vault.charge(1, () -> calls.add(stopwatch.nanos())));
        }

        // then
        assertThat(calls).hasSize(200);
        for (int first = 0; first + 50 < calls.size(); first++) {
            assertThat(calls.get(first + 50) - calls.get(first)).isGreaterThanOrEqualTo(Budget.WINDOW.toNanos());
        }

        // and one that is left alone has it all
        processes.getFirst().sharedBy(1);
        stopwatch.advance(Budget.WINDOW.multipliedBy(2));
        long before = stopwatch.nanos();
        for (int round = 0; round < 10; round++) {
            vaults.subList(0, 5).forEach(vault -> vault.charge(1, () -> {}));
        }
        assertThat(Duration.ofNanos(stopwatch.nanos() - before)).isLessThan(Budget.WINDOW.plusSeconds(1));
    }

    @Test
    void whoseVaultAnsweredThatItIsTooMuchWaitsAlsoIfTheOtherLeaveCameLater() throws Exception {
        // given a vault that is paused while its next call waits for the leave of all
        SubscriptionPacer shared = new SubscriptionPacer(new Budget(1), stopwatch);
        Pacer paused = new Pacer(new Budget(10), stopwatch, shared);
        Pacer.Permit early = paused.acquire(1);
        early.throttled(Duration.ofSeconds(30));
        early.close();
        stopwatch.advance(Duration.ofSeconds(31));
        Pacer.Permit under = paused.acquire(1);
        stopwatch.advance(Duration.ofSeconds(6));
        shared.acquire(1, false).close();
        long began = stopwatch.nanos();
        stopwatch.meanwhile(() -> under.throttled(Duration.ofSeconds(60)));

        // when
        paused.charge(1, () -> {});

        // then
        assertThat(Duration.ofNanos(stopwatch.nanos() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void whatOneVaultIsRefusedSlowsNoOther() {
        // given
        SubscriptionPacer shared = new SubscriptionPacer(new Budget(10).ofSubscription(), stopwatch);
        Pacer refused = new Pacer(new Budget(10), stopwatch, shared);
        Pacer other = new Pacer(new Budget(10), stopwatch, shared);

        // when
        assertThatThrownBy(() -> refused.charge(1, () -> {
                    throw new VaultException(Failure.of(FailureReason.THROTTLED, "too many requests"), null);
                }))
                .isInstanceOf(VaultException.class);
        other.charge(1, () -> {});

        // then
        assertThat(refused.usage().throttles()).isEqualTo(1);
        assertThat(shared.usage().throttles()).isZero();
        assertThat(stopwatch.slept()).isLessThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void aListingGoesBeforeAllButOneThatWait() throws Exception {
        // given a budget that is used up, and ten that wait for it in real time
        Pacer pacer = new Pacer(new Budget(1), stopwatch);
        Pacer.Permit out = pacer.acquire(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch held = new CountDownLatch(1);
        stopwatch.meanwhile(() -> {
            try {
                held.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            out.close();
        });
        List<Thread> waiting = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            waiting.add(Thread.ofPlatform().start(() -> pacer.charge(1, () -> order.add("object"))));
        }
        for (Thread thread : waiting) {
            awaitParked(thread);
        }

        // when
        waiting.add(Thread.ofPlatform().start(() -> pacer.chargedSoon(1, () -> order.add("listing"))));
        awaitParked(waiting.getLast());
        held.countDown();
        for (Thread thread : waiting) {
            thread.join();
        }

        // then
        assertThat(order).hasSize(11);
        assertThat(order.indexOf("listing")).isEqualTo(1);
    }

    private static void awaitParked(Thread thread) {
        while (thread.getState() == Thread.State.RUNNABLE || thread.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
    }

    @Test
    void catchesUpAfterAStallByASecondsWorthAtMost() throws Exception {
        // given a stall of five seconds
        Pacer pacer = new Pacer(new Budget(2_000), stopwatch);
        pacer.acquire(1).close();
        stopwatch.advance(Duration.ofSeconds(5));

        // when
        int atOnce = 0;
        while (true) {
            pacer.acquire(1).close();
            if (!stopwatch.slept().isZero()) {
                break;
            }
            atOnce++;
        }

        // then
        assertThat(atOnce).isBetween(200, 201);
    }

    @Test
    void aCallIsChargedUntilAWindowAfterItsAnswer() throws Exception {
        // given a budget of ten, all of it out
        Pacer pacer = new Pacer(new Budget(10), stopwatch);
        List<Pacer.Permit> permits = new ArrayList<>();
        for (int call = 0; call < 10; call++) {
            permits.add(pacer.acquire(1));
        }
        stopwatch.advance(Duration.ofSeconds(30));
        long answered = stopwatch.nanos();

        // when they are answered late, and one more wants to go
        permits.forEach(Pacer.Permit::close);
        pacer.acquire(1).close();

        // then it waits a whole window from there
        assertThat(stopwatch.nanos() - answered).isGreaterThanOrEqualTo(Budget.WINDOW.toNanos());
    }

    @Test
    void a429HalvesTheRateAndPausesAllCalls() throws Exception {
        // given
        Pacer pacer = new Pacer(new Budget(2_000), stopwatch);

        // when
        try (Pacer.Permit permit = pacer.acquire(1)) {
            permit.throttled(null);
        }
        long throttledAt = stopwatch.nanos();
        pacer.acquire(1).close();

        // then
        assertThat(Duration.ofNanos(stopwatch.nanos() - throttledAt)).isEqualTo(Duration.ofSeconds(1));
        assertThat(pacer.usage().throttles()).isEqualTo(1);
        assertThat(pacer.usage().perSecond()).isBetween(100.0, 106.0);
    }

    @Test
    void retryAfterIsObeyed() throws Exception {
        Pacer pacer = new Pacer(new Budget(2_000), stopwatch);

        try (Pacer.Permit permit = pacer.acquire(1)) {
            permit.throttled(Duration.ofSeconds(7));
        }
        long throttledAt = stopwatch.nanos();
        pacer.acquire(1).close();

        assertThat(Duration.ofNanos(stopwatch.nanos() - throttledAt)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void manyCallsThatWereUnderWayTogetherCountAsOneSignal() throws Exception {
        // given calls that all went out before the first 429 came back
        Pacer pacer = new Pacer(new Budget(2_000), stopwatch);
        List<Pacer.Permit> permits = new ArrayList<>();
        for (int call = 0; call < 20; call++) {
            permits.add(pacer.acquire(1));
        }
        stopwatch.advance(Duration.ofMillis(1));

        // when all are throttled
        permits.forEach(permit -> permit.throttled(null));
        permits.forEach(Pacer.Permit::close);

        // then
        assertThat(pacer.usage().perSecond()).isEqualTo(100.0);
        assertThat(pacer.usage().throttles()).isEqualTo(20);
    }

    @Test
    void pausesGrowWhileItGoesOnAndTheRateHasAFloor() throws Exception {
        // given
        Pacer pacer = new Pacer(new Budget(1_000), stopwatch);
        List<Long> pauses = new ArrayList<>();

        // when nothing but 429 comes back
        for (int call = 0; call < 8; call++) {
            long before = stopwatch.nanos();
            try (Pacer.Permit permit = pacer.acquire(1)) {
                pauses.add(Duration.ofNanos(stopwatch.nanos() - before).toSeconds());
                permit.throttled(null);
            }
        }

        // then
        assertThat(pauses).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 16L, 16L);
        assertThat(pacer.usage().perSecond()).isEqualTo(2.0);
    }

    @Test
    void climbsBackSteadily() throws Exception {
        // given half the rate
        Pacer pacer = new Pacer(new Budget(2_000), stopwatch);
        try (Pacer.Permit permit = pacer.acquire(1)) {
            permit.throttled(null);
        }
        pacer.acquire(1).close();
        double start = pacer.usage().perSecond();
        long startedAt = stopwatch.nanos();

        // when ten seconds go well
        while (stopwatch.nanos() - startedAt < Duration.ofSeconds(10).toNanos()) {
            pacer.acquire(1).close();
        }
        double afterTen = pacer.usage().perSecond();
        while (stopwatch.nanos() - startedAt < Duration.ofSeconds(30).toNanos()) {
            pacer.acquire(1).close();
        }

        // then a quarter of the budget has come back, and after thirty all of it
        assertThat(afterTen - start).isCloseTo(50.0, within(1.0));
        assertThat(pacer.usage().perSecond()).isEqualTo(200.0);
    }

    /** However the service counts (sliding, or in fixed windows that begin anywhere), it never sees more than the budget. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noWindowOfTheServiceEverHoldsMoreThanTheBudgetAndNearlyAllOfItIsUsed(long seed) throws Exception {
        // given 32 callers, each answered after 1 to 40 ms, now and then after 2 s, and counted anywhere between
        Random random = new Random(seed);
        Budget budget = new Budget(2_000);
        Pacer pacer = new Pacer(budget, stopwatch);
        PriorityQueue<Call> underWay = new PriorityQueue<>();
        List<Long> counted = new ArrayList<>();

        // when 12,000 calls are made
        for (int call = 0; call < 12_000; call++) {
            while (underWay.size() == 32
                    || (!underWay.isEmpty() && underWay.peek().endsAt() <= stopwatch.nanos())) {
                Call next = underWay.remove();
                stopwatch.advance(Duration.ofNanos(Math.max(0, next.endsAt() - stopwatch.nanos())));
                next.permit().close();
            }
            Pacer.Permit permit = pacer.acquire(1);
            long latency = random.nextInt(200) == 0 ? 2_000_000_000L : 1_000_000L + random.nextLong(39_000_000L);
            counted.add(stopwatch.nanos() + random.nextLong(latency));
            underWay.add(new Call(stopwatch.nanos() + latency, permit));
        }

        // then
        counted.sort(null);
        Deque<Long> window = new ArrayDeque<>();
        int most = 0;
        for (long moment : counted) {
            window.addLast(moment);
            while (moment - window.getFirst() >= Budget.WINDOW.toNanos()) {
                window.removeFirst();
            }
            most = Math.max(most, window.size());
        }
        double seconds = stopwatch.nanos() / 1e9;
        assertThat(most).as("seed %d: most in any window", seed).isLessThanOrEqualTo(budget.units());
        assertThat(12_000 / seconds)
                .as("seed %d: calls a second of %s", seed, budget.perSecond())
                .isGreaterThanOrEqualTo(budget.perSecond() * 0.95);
    }

    private record Call(long endsAt, Pacer.Permit permit) implements Comparable<Call> {
        @Override
        public int compareTo(Call other) {
            return Long.compare(endsAt, other.endsAt());
        }
    }
}
