package io.keyvaultbackup.dashboard.live;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunDetailReader;
import io.keyvaultbackup.dashboard.view.RunNow;
import io.keyvaultbackup.ledger.NotedProgress;
import io.keyvaultbackup.run.SnapshotId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Those who look at one run, and what they were told last. Rounds are one thread's; viewers come from many. */
final class RunFeed {

    /** A run notes a point of its chart every ten seconds. */
    private static final int ROUNDS_BETWEEN_POINTS = 5;

    private final SnapshotId run;
    private final List<Viewer> viewers = new CopyOnWriteArrayList<>();
    private @Nullable RunNow last;
    private int round;

    RunFeed(SnapshotId run) {
        this.run = run;
    }

    void add(Viewer viewer) {
        viewers.add(viewer);
    }

    int size() {
        return viewers.size();
    }

    List<Viewer> viewers() {
        return viewers;
    }

    /** Ends those whose time is over or who have logged out, and lets the others know that they are not forgotten. Asks nobody. */
    void tend(Instant now) {
        viewers.removeIf(Viewer::isGone);
        for (Viewer viewer : viewers) {
            if (viewer.isDue(now)) {
                viewer.end();
            } else {
                viewer.keepAlive(now);
            }
        }
    }

    /** Asks how far the run is, and tells it to those who do not know. */
    void round(RunDetailReader reader, Instant start) {
        if (viewers.stream().allMatch(viewer -> viewer.isDue(start))) {
            return;
        }
        RunNow before = last;
        boolean newPoints = round++ % ROUNDS_BETWEEN_POINTS == 0;
        @Nullable List<NotedProgress.Point> points = newPoints || before == null ? null : before.points();
        switch (reader.now(run, points)) {
            case Reading.Known<Optional<RunNow>>(Optional<RunNow> known) ->
                known.ifPresentOrElse(now -> tellAndEnd(before, now), () -> viewers.forEach(Viewer::end));
            case Reading.Missing<Optional<RunNow>> missing -> {
                last = null;
                tellAll(new HashMap<>(), form -> form.missing(missing));
            }
            case Reading.Awaited<Optional<RunNow>> _ -> {
                // the next round asks again
            }
        }
    }

    private void tellAndEnd(@Nullable RunNow before, RunNow now) {
        try {
            tell(before, now);
        } finally { // they come again to what could not be told
            if (!now.isRunning()) {
                viewers.forEach(Viewer::end);
            }
        }
    }

    private void tell(@Nullable RunNow before, RunNow now) {
        last = now;
        boolean running = now.isRunning(); // of one that has ended nobody knows how far it is
        boolean moved = before == null || !isTheSame(before, now);
        boolean furtherPoints = before == null || !before.points().equals(now.points());
        Map<FeedForm, FeedEvent> progress = new HashMap<>();
        Map<FeedForm, FeedEvent> rates = new HashMap<>();
        for (Viewer viewer : viewers) {
            boolean knew = viewer.knew();
            if (running && (moved || !knew)) {
                viewer.tell(progress.computeIfAbsent(viewer.form(), form -> form.progress(now)));
            }
            if (furtherPoints || !knew) {
                viewer.tell(rates.computeIfAbsent(viewer.form(), form -> form.rates(now)));
            }
        }
        if (!running) {
            tellAll(new HashMap<>(), form -> form.ended(now));
        }
    }

    /** That time passes is told only where nothing is heard of the run for long. */
    private static boolean isTheSame(RunNow one, RunNow other) {
        return one.run().equals(other.run())
                && Objects.equals(one.progress(), other.progress())
                && Objects.equals(one.silentSince(), other.silentSince());
    }

    private void tellAll(Map<FeedForm, FeedEvent> told, Function<FeedForm, FeedEvent> event) {
        viewers.forEach(viewer -> viewer.tell(told.computeIfAbsent(viewer.form(), event)));
    }
}
