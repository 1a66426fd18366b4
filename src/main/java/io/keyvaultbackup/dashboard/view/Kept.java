package io.keyvaultbackup.dashboard.view;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is kept for a while, and asked for by one thread at a time, however many want it: not by those that want it, which so never wait longer
 * than they like for a source that hangs. Nothing is asked while nobody looks. Safe for use by many threads.
 */
final class Kept<T> {

    private final Supplier<Reading<T>> question;
    private final Duration keptFor;
    private final InstantSource clock;
    private final Executor threads;

    private @Nullable Reading<T> answer;
    private Instant answeredAt = Instant.MIN;
    private @Nullable CompletableFuture<Reading<T>> underWay;

    /** @param question throws nothing; what fails is a reading, too */
    Kept(Supplier<Reading<T>> question, Duration keptFor, InstantSource clock, Executor threads) {
        this.question = question;
        this.keptFor = keptFor;
        this.clock = clock;
        this.threads = threads;
    }

    /** What is known now, however old; asks anew if it is older than it should be. */
    Reading<T> atOnce() {
        CompletableFuture<Reading<T>> fresh = fresh();
        synchronized (this) {
            return answer == null ? fresh.getNow(new Reading.Awaited<>()) : answer;
        }
    }

    /** What is not older than it should be; else awaited, when it has not come within this time. */
    Reading<T> within(Duration limit) {
        try {
            return fresh().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillUnderWay) {
            return new Reading.Awaited<>();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Reading.Awaited<>();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        }
    }

    /** As {@link #within(Duration)}, and what was known last, however old, when it has not come within this time. */
    Reading<T> orLast(Duration limit) {
        Reading<T> told = within(limit);
        return told instanceof Reading.Awaited<T> ? atOnce() : told;
    }

    private synchronized CompletableFuture<Reading<T>> fresh() {
        if (answer != null && answeredAt.plus(keptFor).isAfter(clock.instant())) {
            return CompletableFuture.completedFuture(answer);
        }
        if (underWay == null) {
            CompletableFuture<Reading<T>> begun = new CompletableFuture<>();
            underWay = begun;
            threads.execute(() -> ask(begun));
        }
        return underWay;
    }

    private void ask(CompletableFuture<Reading<T>> begun) {
        try {
            Reading<T> told = question.get();
            synchronized (this) {
                answer = told;
                answeredAt = clock.instant();
                underWay = null;
            }
            begun.complete(told);
        } catch (RuntimeException | Error broken) {
            synchronized (this) {
                underWay = null;
            }
            begun.completeExceptionally(broken);
        }
    }
}
