package io.keyvaultbackup.notification;

import io.keyvaultbackup.ledger.ToldNotifications;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Asks the job database what is news, and gives that to all ways that want it; in the background, and when it is closed within 30 s in all, however much there
 * is. Safe for use by many threads.
 */
final class NoticeDesk implements Notifications, ApplicationListener<ContextClosedEvent>, Ordered, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NoticeDesk.class);

    private final Supplier<ToldNotifications> told;
    private final List<Post> posts;
    private final @Nullable Duration repeatAfter;
    private final InstantSource clock;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("notifications").factory());

    /**
     * @param told throws where the job database is away
     * @param repeatAfter null for never
     */
    NoticeDesk(
            Supplier<ToldNotifications> told, List<Post> posts, @Nullable Duration repeatAfter, InstantSource clock) {
        this.told = told;
        this.posts = List.copyOf(posts);
        this.repeatAfter = repeatAfter;
        this.clock = clock;
    }

    @Override
    public void tell(News news) {
        try {
            thread.execute(() -> consider(news));
        } catch (RejectedExecutionException closed) {
            LOG.warn(
                    "The process ends, and nobody is told of the {} of {}.",
                    news.topic().words(),
                    news.vault());
        }
    }

    private void consider(News news) {
        Instant now = clock.instant();
        turn(news, now)
                .ifPresent(since ->
                        send(new Notice(news.trouble() == null ? Event.RECOVERED : news.trouble(), news, now, since)));
    }

    private Optional<Instant> turn(News news, Instant now) {
        try {
            return told.get()
                    .turn(
                            news.topic().name(),
                            news.vault(),
                            news.trouble() == null ? null : news.trouble().name(),
                            news.about(),
                            now,
                            repeatAfter);
        } catch (RuntimeException away) { // better twice than never; but who looks each minute would tell each minute
            LOG.debug("The job database does not say what was told of {}: {}", news.vault(), away.toString());
            return news.trouble() == null || news.topic() == Topic.AGE ? Optional.empty() : Optional.of(now);
        }
    }

    private void send(Notice notice) {
        List<Post> wanting = posts.stream().filter(post -> post.wants(notice)).toList();
        Parcel parcel = new Parcel(notice, wanting.size(), () -> forget(notice));
        wanting.forEach(post -> post.take(parcel));
    }

    private void forget(Notice notice) {
        try {
            told.get()
                    .untold(
                            notice.news().topic().name(),
                            notice.vault(),
                            notice.event().name());
        } catch (RuntimeException away) {
            LOG.debug("That nobody was told of {} is not noted: {}", notice.vault(), away.toString());
        }
    }

    /** Before all others that hear of it: meters take nothing more after that. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        close();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long until = System.nanoTime() + Post.ALL_TRIES.toNanos();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        // Side by side: each has the same end.
        try (ExecutorService closing = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("notifications-close-", 0).factory())) {
            posts.forEach(post -> closing.execute(() -> post.close(until)));
        }
    }
}
