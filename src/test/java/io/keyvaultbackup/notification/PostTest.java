package io.keyvaultbackup.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.pacing.TestStopwatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How much is sent, and for how long anybody waits for it. */
class PostTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TestStopwatch stopwatch = new TestStopwatch();
    private final List<Message> sent = new CopyOnWriteArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();

    /** Does with a message what a test wants. */
    private final class TestWay implements Way {

        private final Sending sending;

        TestWay(Sending sending) {
            this.sending = sending;
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public String format() {
            return "json";
        }

        @Override
        public Wanted wanted() {
            return new Wanted(List.of(), List.of());
        }

        @Override
        public void send(Message message) throws NotSentException, InterruptedException {
            sending.send();
            sent.add(message);
        }
    }

    private interface Sending {
        void send() throws NotSentException, InterruptedException;
    }

    private Post post(Sending sending) {
        return new Post(
                new TestWay(sending),
                null,
                new NotificationMeters(registry, null, () -> NOW),
                stopwatch,
                Duration.ofMillis(300));
    }

    private Parcel parcel(int number) {
        return new Parcel(
                new Notice(
                        Event.FAILED,
                        News.of(Topic.BACKUP, "vault-" + number + ".vault.azure.net", Event.FAILED, NOW, null),
                        NOW,
                        NOW,
                        Set.of(Event.FAILED)),
                1,
                sent -> {
                    if (!sent) {
                        lost.incrementAndGet();
                    }
                });
    }

    private static long in(Duration duration) {
        return System.nanoTime() + duration.toNanos();
    }

    private double counted(String outcome) {
        return registry.find("keyvault.backup.notifications").tag("outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Test
    void aNightOfManyTroublesIsTenMessagesAndOneThatSumsUp() {
        Post post = post(() -> {});

        for (int number = 0; number < 100; number++) {
            post.take(parcel(number));
        }
        post.close(in(Duration.ofSeconds(20)));

        assertThat(sent).hasSize(11);
        assertThat(sent.getFirst().title()).isEqualTo("vault-0.vault.azure.net: backup failed");
        Message digest = sent.getLast();
        assertThat(digest.title()).isEqualTo("90 more notifications of vaults");
        assertThat(digest.facts()).containsEntry("Failed", "90");
        assertThat(digest.sentences()).hasSize(21).last().isEqualTo("And 70 more.");
        assertThat(digest.json())
                .containsEntry("type", "digest")
                .extractingByKey("notices")
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(90);
        assertThat(counted("sent")).isEqualTo(100);
        assertThat(lost).hasValue(0);
    }

    @Test
    void aReceiverThatHangsKeepsNobodyLongerThanTheEnd() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        Post post = post(never::await);
        for (int number = 0; number < 100; number++) {
            post.take(parcel(number));
        }

        long began = System.nanoTime();
        post.close(in(Duration.ofSeconds(2)));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(sent).isEmpty();
        assertThat(counted("failed")).isEqualTo(100);
        assertThat(lost).hasValue(100);
        assertThat(registry.find("keyvault.backup.notifications.last.failed").gauges())
                .hasSize(100)
                .allSatisfy(gauge -> assertThat(gauge.value()).isEqualTo(1));
        assertThat(registry.find("keyvault.backup.notifications.last.timestamp").gauges())
                .hasSize(100)
                .allSatisfy(gauge -> assertThat(gauge.value()).isEqualTo(NOW.toEpochMilli() / 1000.0));
        assertThat(never.await(0, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void whatIsAskedForIsWaitedForAndNoLongerThanHalfAMinute() {
        AtomicInteger tries = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger(7);
        Post post = post(() -> {
            if (tries.incrementAndGet() % 2 == 1) {
                throw new NotSentException("it answered 429", true, asked(asked.get()));
            }
        });

        post.take(parcel(1));
        post.close(in(Duration.ofSeconds(20)));

        assertThat(tries).hasValue(2);
        assertThat(stopwatch.slept()).isEqualTo(Duration.ofSeconds(7));
        assertThat(sent).hasSize(1);

        // and longer than all tries may take is not waited for
        tries.set(0);
        asked.set(31);
        Post patient = post(() -> {
            tries.incrementAndGet();
            throw new NotSentException("it answered 429", true, asked(asked.get()));
        });
        patient.take(parcel(2));
        patient.close(in(Duration.ofSeconds(20)));
        assertThat(tries).hasValue(1);
        assertThat(lost).hasValue(1);
    }

    @Test
    void whatReachedSomeIsCountedAsFailedAndNotToldAgain() {
        Post post = post(() -> {
            throw NotSentException.toAll("it was not taken for one of two");
        });

        post.take(parcel(1));
        post.close(in(Duration.ofSeconds(20)));

        assertThat(counted("failed")).isEqualTo(1);
        assertThat(lost).as("to be told again").hasValue(0);
    }

    private static @Nullable Duration asked(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
