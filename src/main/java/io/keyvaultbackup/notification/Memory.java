package io.keyvaultbackup.notification;

import io.keyvaultbackup.ledger.DatabaseFailure;
import io.keyvaultbackup.ledger.ToldNotifications;
import io.keyvaultbackup.ledger.ToldNotifications.Examined;
import io.keyvaultbackup.ledger.ToldNotifications.Standing;
import io.keyvaultbackup.ledger.ToldNotifications.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was told, as the job database knows it. It is waited for 3 s, and not asked again for five minutes once it was away: a run that ends with it tells what it
 * has to in time. For one thread at a time.
 */
final class Memory implements AutoCloseable {

    /** So long one question may take. */
    static final Duration LONGEST_ANSWER = Duration.ofSeconds(3);

    private static final Duration LEFT_ALONE = Duration.ofMinutes(5);
    private static final Logger LOG = LoggerFactory.getLogger(Memory.class);

    private final Supplier<ToldNotifications> told;
    private final @Nullable Duration repeatAfter;
    private final InstantSource clock;

    /** Never interrupted: an interrupted thread closes the file of the embedded database. */
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("notifications-memory").factory());

    private boolean away;
    private long awayUntil;

    /**
     * @param told throws where the job database is away
     * @param repeatAfter null for never
     */
    Memory(Supplier<ToldNotifications> told, @Nullable Duration repeatAfter, InstantSource clock) {
        this.told = told;
        this.repeatAfter = repeatAfter;
        this.clock = clock;
    }

    /**
     * What is to be told of news. While the database is away trouble is told, better twice than never; but whoever looks each minute would tell each minute.
     */
    Optional<Turn> turn(News news, Instant now) {
        return ask(memory -> memory.turn(standing(news), now, repeatAfter))
                .orElseGet(() -> news.trouble() == null || news.topic() == Topic.AGE
                        ? Optional.empty()
                        : Optional.of(new Turn(now, Set.of(news.trouble().name()))));
    }

    void told(Collection<Notice> notices) {
        note(notices, ToldNotifications::told);
    }

    void untold(Collection<Notice> notices) {
        note(notices, ToldNotifications::untold);
    }

    /** These are still to be told. */
    void renew(Collection<Notice> notices) {
        note(notices, ToldNotifications::renew);
    }

    private interface Noting {
        void note(ToldNotifications memory, Collection<ToldNotifications.Key> keys, Instant now);
    }

    private void note(Collection<Notice> notices, Noting noting) {
        if (!notices.isEmpty()) {
            var keys = notices.stream()
                    .map(notice -> standing(notice.news()).key())
                    .toList();
            var _ = ask(memory -> {
                noting.note(memory, keys, clock.instant());
                return true;
            });
        }
    }

    private static Standing standing(News news) {
        return new Standing(
                news.topic().name(),
                news.vault(),
                news.trouble() == null ? null : news.trouble().name(),
                news.about(),
                news.part() == null || news.run() == null ? null : new Examined(news.run(), news.part()));
    }

    /** Nothing if it is away. */
    private <T> Optional<T> ask(Function<ToldNotifications, T> question) {
        if (away && System.nanoTime() - awayUntil < 0) {
            return Optional.empty();
        }
        Future<T> answer = thread.submit(() -> question.apply(told.get()));
        try {
            T known = answer.get(LONGEST_ANSWER.toNanos(), TimeUnit.NANOSECONDS);
            away = false;
            return Optional.of(known);
        } catch (ExecutionException failed) {
            leaveAlone(DatabaseFailure.of(failed)
                    .map(DatabaseFailure::what)
                    .orElse("The job database failed: "
                            + String.valueOf(failed.getCause())
                                    .lines()
                                    .findFirst()
                                    .orElse("")));
        } catch (TimeoutException slow) {
            answer.cancel(false);
            leaveAlone("The job database does not answer within " + LONGEST_ANSWER.toSeconds() + " s.");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            answer.cancel(false);
        }
        return Optional.empty();
    }

    private void leaveAlone(String why) {
        LOG.warn("{} Until it is there, trouble may be told twice, and that it is over is not told.", why);
        away = true;
        awayUntil = System.nanoTime() + LEFT_ALONE.toNanos();
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
