package io.keyvaultbackup.dashboard.live;

import io.keyvaultbackup.dashboard.view.RunDetailReader;
import io.keyvaultbackup.run.SnapshotId;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The feeds of runs: asks for each run that somebody looks at once a second, however many they are, and does nothing while nobody looks. Ends all of them
 * before the web server ends, which else would wait for them. Safe for use by many threads.
 */
public final class RunFeeds implements SmartLifecycle {

    /** Each takes a connection, and a thread that waits. */
    static final int MOST = 200;

    private static final Logger LOG = LoggerFactory.getLogger(RunFeeds.class);

    private static final long BETWEEN_ROUNDS = Duration.ofSeconds(1).toMillis();
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final RunDetailReader reader;
    private final InstantSource clock;
    private final Map<SnapshotId, RunFeed> feeds = new HashMap<>();
    private @Nullable ScheduledExecutorService thread;
    private @Nullable ScheduledFuture<?> rounds;

    RunFeeds(RunDetailReader reader, InstantSource clock) {
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * Tells of this run until it ends, or five minutes at most; whoever asks may see it. Then a browser opens it again by itself.
     *
     * @param session that the feed ends with; null where there is none
     * @return empty if there are too many feeds, or the program is about to end
     */
    public synchronized Optional<SseEmitter> open(SnapshotId run, FeedForm form, @Nullable HttpSession session) {
        ScheduledExecutorService poller = thread;
        if (poller == null || feeds.values().stream().mapToInt(RunFeed::size).sum() >= MOST) {
            return Optional.empty();
        }
        Viewer viewer = new Viewer(form, session, clock.instant());
        feeds.computeIfAbsent(run, RunFeed::new).add(viewer);
        if (rounds == null) {
            rounds = poller.scheduleWithFixedDelay(this::round, 0, BETWEEN_ROUNDS, TimeUnit.MILLISECONDS);
        }
        return Optional.of(viewer.begin());
    }

    private void round() {
        for (RunFeed feed : current()) {
            current().forEach(each -> each.tend(clock.instant())); // each question may take seconds
            try {
                feed.round(reader, clock.instant());
            } catch (RuntimeException failed) { // or there would be no next round
                LOG.warn("Those who look at a run could not be told how far it is: {}", failed.toString());
                LOG.debug("Why", failed);
            }
        }
        restIfNobodyLooks();
    }

    private synchronized List<RunFeed> current() {
        return new ArrayList<>(feeds.values());
    }

    private synchronized void restIfNobodyLooks() {
        feeds.values().removeIf(feed -> feed.size() == 0);
        if (feeds.isEmpty() && rounds != null) {
            rounds.cancel(false);
            rounds = null;
        }
    }

    /** Whether the job database is asked now and then, because somebody looks. */
    synchronized boolean isAsking() {
        return rounds != null;
    }

    @Override
    public synchronized void start() {
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("run-feeds").factory());
    }

    /** In the first phase of the end, which the web server's comes after. */
    @Override
    public void stop() {
        List<Viewer> viewers = new ArrayList<>();
        synchronized (this) {
            if (thread != null) {
                thread.shutdownNow();
                thread = null;
                rounds = null;
            }
            feeds.values().forEach(feed -> viewers.addAll(feed.viewers()));
            feeds.clear();
        }
        viewers.forEach(Viewer::end);
        long end = System.nanoTime() + LONGEST_END.toNanos();
        try {
            for (Viewer viewer : viewers) {
                viewer.awaitTheEnd(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
