package io.keyvaultbackup.notification;

import io.keyvaultbackup.pacing.Stopwatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends by one way, one message after the other, in a thread of its own. The first ten within an hour are sent each by itself; what is more is told together,
 * at the end of that hour or of the process. Safe for use by many threads.
 */
final class Post {

    /** So long one try may take. */
    static final Duration ONE_TRY = Duration.ofSeconds(10);

    /** So long all tries of a message may take, with the waits between them. */
    static final Duration ALL_TRIES = Duration.ofSeconds(30);

    static final int EACH_BY_ITSELF = 10;

    private static final int TRIES = 3;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger(Post.class);

    private final Way way;
    private final @Nullable String dashboard;
    private final NotificationMeters meters;
    private final Stopwatch stopwatch;
    private final Duration oneTry;
    private final ScheduledThreadPoolExecutor thread;

    private final Set<Parcel> open = ConcurrentHashMap.newKeySet();

    // Of its thread alone.
    private final List<Parcel> together = new ArrayList<>();
    private int byItself;

    private volatile boolean closing;
    private volatile long end; // by the stopwatch, once it is closing
    private volatile boolean failing;

    /** @param dashboard its address; null where none is known */
    Post(Way way, @Nullable String dashboard, NotificationMeters meters, Stopwatch stopwatch) {
        this(way, dashboard, meters, stopwatch, ONE_TRY);
    }

    Post(Way way, @Nullable String dashboard, NotificationMeters meters, Stopwatch stopwatch, Duration oneTry) {
        this.way = way;
        this.dashboard = dashboard;
        this.meters = meters;
        this.stopwatch = stopwatch;
        this.oneTry = oneTry;
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("notify-" + way.name()).factory());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    boolean wants(Notice notice) {
        return way.wanted().has(notice);
    }

    void take(Parcel parcel) {
        open.add(parcel);
        try {
            thread.execute(() -> next(parcel));
        } catch (RejectedExecutionException closed) {
            ended(List.of(parcel), false, false);
        }
    }

    private void next(Parcel parcel) {
        if (byItself >= EACH_BY_ITSELF || (closing && failing)) {
            together.add(parcel);
            return;
        }
        if (byItself++ == 0 && !closing) {
            var _ = thread.schedule(this::endOfTheHour, HOUR.toSeconds(), TimeUnit.SECONDS);
        }
        send(Message.of(parcel.notice(), dashboard), List.of(parcel));
    }

    private void endOfTheHour() {
        byItself = 0;
        sendTogether();
    }

    private void sendTogether() {
        List<Parcel> parcels = List.copyOf(together);
        together.clear();
        if (parcels.size() == 1) {
            send(Message.of(parcels.getFirst().notice(), dashboard), parcels);
        } else if (!parcels.isEmpty()) {
            send(Message.of(parcels.stream().map(Parcel::notice).toList(), dashboard), parcels);
        }
    }

    private void send(Message message, List<Parcel> parcels) {
        boolean sent = false;
        boolean reached = false;
        try {
            deliver(message);
            sent = true;
            reached = true;
        } catch (NotSentException failed) {
            reached = failed.reachedSome(); // who was told is not told again because of somebody else
            LOG.warn(
                    "The notification \"{}\" could not be sent by {} ({}): {}. The job is as good as it would be without; see"
                            + " keyvault-backup.notifications.",
                    message.title(),
                    way.name(),
                    way.format(),
                    failed.getMessage());
        } catch (InterruptedException stopped) { // its parcels have ended
            Thread.currentThread().interrupt();
        }
        failing = !reached;
        ended(parcels, sent, reached);
    }

    /** Counts each once, whoever ends it. */
    private void ended(List<Parcel> parcels, boolean sent, boolean reached) {
        List<Parcel> now = parcels.stream().filter(open::remove).toList();
        meters.ended(way, now.stream().map(Parcel::notice).toList(), sent);
        now.forEach(parcel -> parcel.ended(reached));
    }

    private void deliver(Message message) throws NotSentException, InterruptedException {
        long allTries = stopwatch.nanos() + ALL_TRIES.toNanos();
        for (int attempt = 1; ; attempt++) {
            long until = closing ? Math.min(end, allTries) : allTries;
            try {
                tryOnce(message, Math.min(oneTry.toNanos(), until - stopwatch.nanos()));
                return;
            } catch (NotSentException failed) {
                Duration wait =
                        failed.asked() == null ? FIRST_WAIT.multipliedBy(1L << (2 * (attempt - 1))) : failed.asked();
                if (!failed.mayPass() || attempt == TRIES || stopwatch.nanos() + wait.toNanos() >= until) {
                    throw failed;
                }
                stopwatch.sleep(wait);
            }
        }
    }

    /** In a thread of its own, which is left alone if it hangs: a mail server's socket hears no interruption, and has its own time-outs. */
    private void tryOnce(Message message, long nanos) throws NotSentException, InterruptedException {
        FutureTask<Void> attempt = new FutureTask<>(() -> {
            way.send(message);
            return null;
        });
        Thread.ofPlatform().daemon().name("notify-" + way.name() + "-try").start(attempt);
        try {
            attempt.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw notSent(failed.getCause());
        } catch (TimeoutException slow) {
            throw new NotSentException("it did not answer within " + oneTry.toSeconds() + " s", true, null);
        } finally {
            attempt.cancel(true);
        }
    }

    private static NotSentException notSent(@Nullable Throwable cause) {
        return cause instanceof NotSentException known
                ? known
                : new NotSentException( // its words may be secret
                        cause == null ? "it failed" : cause.getClass().getSimpleName(), false, null);
    }

    /** No more is taken; what there is, is sent if that can be done by then, and has failed if not. */
    void close(long until) {
        end = stopwatch.nanos() + until - System.nanoTime();
        closing = true;
        thread.execute(this::sendTogether);
        thread.shutdown();
        boolean interrupted = false;
        try {
            thread.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            interrupted = true;
        }
        List<Parcel> left = List.copyOf(open);
        if (!left.isEmpty()) {
            LOG.warn(
                    "{} notifications were not sent by {} ({}) before the process had to end, the first of them \"{}\".",
                    left.size(),
                    way.name(),
                    way.format(),
                    left.getFirst().notice().title());
            ended(left, false, false);
        }
        thread.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
