package io.keyvaultbackup.dashboard.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KeptTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-27T12:00:00Z"));
    private final AtomicInteger asked = new AtomicInteger();
    private final Deque<Runnable> thread = new ArrayDeque<>();

    private final Kept<Integer> kept =
            new Kept<>(() -> Reading.known(asked.incrementAndGet()), Duration.ofSeconds(2), now::get, thread::add);

    private void answer() {
        thread.removeFirst().run();
    }

    @Test
    void whoeverWantsItDoesNotWaitForASourceThatHangs() {
        assertThat(kept.atOnce()).isEqualTo(new Reading.Awaited<>());
        assertThat(kept.within(Duration.ZERO)).isEqualTo(new Reading.Awaited<>());

        answer();
        assertThat(kept.atOnce()).isEqualTo(Reading.known(1));
    }

    @Test
    void isAskedOnceHoweverManyWantIt() {
        kept.atOnce();
        kept.atOnce();
        assertThat(thread).hasSize(1);

        answer();
        kept.atOnce();
        assertThat(thread).isEmpty();
    }

    @Test
    void whatIsOldIsShownWhileItIsAskedForAnew() {
        kept.atOnce();
        answer();
        now.set(now.get().plusSeconds(3));

        assertThat(kept.atOnce()).isEqualTo(Reading.known(1));
        assertThat(kept.within(Duration.ZERO))
                .as("not for whoever wants it fresh")
                .isEqualTo(new Reading.Awaited<>());
        answer();
        assertThat(kept.within(Duration.ZERO)).isEqualTo(Reading.known(2));
    }

    @Test
    void whoeverTakesWhatWasKnownLastHasItWhenNothingNewerComes() {
        assertThat(kept.orLast(Duration.ZERO)).isEqualTo(new Reading.Awaited<>());
        answer();
        now.set(now.get().plusSeconds(3));

        assertThat(kept.orLast(Duration.ZERO)).isEqualTo(Reading.known(1));
        answer();
        assertThat(kept.orLast(Duration.ZERO)).isEqualTo(Reading.known(2));
    }
}
