package io.keyvaultbackup.notification;

import io.keyvaultbackup.ledger.ToldNotifications.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Asks the job database what is news, gives that to all ways that want it, and notes what became of it; in the background, and when it is closed within 10 s in
 * all, however much there is. Safe for use by many threads.
 */
final class NoticeDesk implements Notifications, ApplicationListener<ContextClosedEvent>, Ordered, AutoCloseable {

    /** A process that is asked to end has 20 s in all. */
    static final Duration LONGEST_END = Duration.ofSeconds(10);

    /** What is not yet asked may take so much of it; the rest is for sending. */
    private static final Duration LONGEST_ASKING = Duration.ofMillis(3_500);

    private static final Duration LONGEST_NOTING = Duration.ofSeconds(1);
    private static final Duration RENEWED_EVERY = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(NoticeDesk.class);

    private final Memory memory;
    private final List<Post> posts;
    private final InstantSource clock;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Set<Notice> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Notice, Boolean> ended = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("notifications").factory());

    NoticeDesk(Memory memory, List<Post> posts, InstantSource clock) {
        this.memory = memory;
        this.posts = List.copyOf(posts);
        this.clock = clock;
        var _ = thread.scheduleWithFixedDelay(
                () -> memory.renew(open), RENEWED_EVERY.toSeconds(), RENEWED_EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void tell(News news) {
        try {
            if (!closed.get()) {
                thread.execute(() -> consider(news));
                return;
            }
        } catch (RejectedExecutionException justNow) {
            LOG.debug("Closed while it was asked to tell.", justNow);
        }
        LOG.warn(
                "The process ends, and nobody is told of the {} of {}.",
                news.topic().words(),
                news.vault());
    }

    private void consider(News news) {
        Instant now = clock.instant();
        memory.turn(news, now).ifPresent(turn -> send(notice(news, turn, now)));
    }

    private static Notice notice(News news, Turn turn, Instant now) {
        return new Notice(
                news.trouble() == null ? Event.RECOVERED : news.trouble(),
                news,
                now,
                turn.since(),
                turn.events().stream().map(Event::valueOf).collect(Collectors.toSet()));
    }

    private void send(Notice notice) {
        List<Post> wanting = posts.stream().filter(post -> post.wants(notice)).toList();
        if (wanting.isEmpty()) {
            memory.told(List.of(notice));
            return;
        }
        open.add(notice);
        Parcel parcel = new Parcel(notice, wanting.size(), sent -> ended(notice, sent));
        wanting.forEach(post -> post.take(parcel));
    }

    private void ended(Notice notice, boolean sent) {
        ended.put(notice, sent);
        open.remove(notice);
        try {
            thread.execute(this::noteEnded);
        } catch (RejectedExecutionException late) {
            LOG.debug("What became of {} is not noted: its claim ends by itself.", notice.vault());
        }
    }

    /** All there is at once. */
    private void noteEnded() {
        List<Notice> told = new ArrayList<>();
        List<Notice> untold = new ArrayList<>();
        for (Notice notice : List.copyOf(ended.keySet())) {
            (Boolean.TRUE.equals(ended.remove(notice)) ? told : untold).add(notice);
        }
        memory.told(told);
        memory.untold(untold);
    }

    /** Before all others that hear of it but those who tell: meters take nothing more after that. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 1;
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
        long until = System.nanoTime() + LONGEST_END.toNanos();
        boolean interrupted = askedFor();
        interrupted |= sent(until - LONGEST_NOTING.toNanos());
        thread.execute(this::noteEnded);
        thread.shutdown();
        interrupted |= over(thread, until);
        memory.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for what was given to {@link #tell} before. */
    private boolean askedFor() {
        try {
            thread.submit(() -> {}).get(LONGEST_ASKING.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            return true;
        } catch (ExecutionException | TimeoutException slow) {
            LOG.debug("Not all is asked.", slow);
        }
        return false;
    }

    /** Side by side: each has the same end. */
    private boolean sent(long until) {
        ExecutorService closing = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("notifications-close-", 0).factory());
        posts.forEach(post -> closing.execute(() -> post.close(until)));
        closing.shutdown();
        return over(closing, until + LONGEST_NOTING.toNanos() / 2);
    }

    /** True if it was interrupted. */
    private static boolean over(ExecutorService threads, long until) {
        try {
            if (!threads.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                LOG.debug("Not all of {} ended in time.", threads);
            }
            return false;
        } catch (InterruptedException stopped) {
            return true;
        }
    }
}
