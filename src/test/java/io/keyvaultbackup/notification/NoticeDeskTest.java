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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is told while the job database is away, and in which time. */
class NoticeDeskTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();

    private final class TestWay implements Way {

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
        public void send(Message message) {
            sent.add(message.title());
        }
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsWaitedForOnceAndTroubleIsToldInTime() {
        // given one that hangs
        CountDownLatch never = new CountDownLatch(1);
        Memory memory = new Memory(
                () -> {
                    asked.incrementAndGet();
                    try {
                        never.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    throw new IllegalStateException("away");
                },
                null,
                () -> NOW);
        Post post = new Post(
                new TestWay(),
                null,
                new NotificationMeters(new SimpleMeterRegistry(), null, () -> Instant.EPOCH),
                new TestStopwatch());
        NoticeDesk desk = new NoticeDesk(memory, List.of(post), () -> NOW);

        // when ten vaults are in trouble, and one recovers, at the end of a process
        long began = System.nanoTime();
        for (int number = 0; number < 10; number++) {
            desk.tell(News.of(Topic.BACKUP, "vault-" + number, Event.FAILED, NOW, null));
        }
        desk.tell(News.of(Topic.BACKUP, "vault-well", null, NOW, null));
        desk.close();
        Duration lasted = Duration.ofNanos(System.nanoTime() - began);
        never.countDown();

        // then
        assertThat(sent).hasSize(10).allMatch(title -> title.endsWith("backup failed"));
        assertThat(asked).hasValue(1);
        assertThat(lasted).isLessThan(NoticeDesk.LONGEST_END);
    }

    @Test
    void thatItIsOverIsToldToThoseWhoHeardOfIt() {
        Wanted failuresAlone = new Wanted(List.of(Event.FAILED, Event.RECOVERED), List.of());
        News over = News.of(Topic.BACKUP, "a", null, NOW, null);

        assertThat(failuresAlone.has(new Notice(Event.RECOVERED, over, NOW, NOW, Set.of(Event.INCOMPLETE))))
                .isFalse();
        assertThat(failuresAlone.has(
                        new Notice(Event.RECOVERED, over, NOW, NOW, Set.of(Event.INCOMPLETE, Event.FAILED))))
                .isTrue();
        assertThat(new Wanted(List.of(), List.of())
                        .has(new Notice(Event.RECOVERED, over, NOW, NOW, Set.of(Event.INCOMPLETE))))
                .isTrue();
    }
}
