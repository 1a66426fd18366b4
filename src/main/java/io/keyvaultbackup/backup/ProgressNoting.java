package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.DatabaseFailure;
import io.keyvaultbackup.ledger.RunProgressNotes;
import io.keyvaultbackup.pipeline.Carried;
import io.keyvaultbackup.pipeline.ThisProcess;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the job database how far an execution is, for whoever looks on from elsewhere: by a thread of its own, which the run never waits for but a moment
 * at its end. What fails of that is logged once, and tried again: it is no failure of the run.
 */
final class ProgressNoting implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressNoting.class);

    private static final Duration BETWEEN_NOTES = Duration.ofSeconds(2);

    /** By the injected clock, as the points' own times are. */
    private static final Duration BETWEEN_POINTS = Duration.ofSeconds(10);

    /** For the last note. A database that takes longer has told the run of it by then, or will. */
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final RunProgressNotes notes;
    private final RunRequest run;
    private final int execution;
    private final RunMonitor monitor;
    private final InstantSource clock;
    private final Semaphore turn;
    private final CountDownLatch toEnd = new CountDownLatch(1);
    private final String process = ThisProcess.name();
    private volatile @Nullable Thread thread;
    private @Nullable Instant latestPoint;
    private volatile boolean told;

    /** @param turn of all runs of this process, one at a time: a database that takes no notes is not to hold the connections that runs need */
    ProgressNoting(
            RunProgressNotes notes,
            RunRequest run,
            int execution,
            RunMonitor monitor,
            InstantSource clock,
            Semaphore turn) {
        this.notes = notes;
        this.run = run;
        this.execution = execution;
        this.monitor = monitor;
        this.clock = clock;
        this.turn = turn;
    }

    /** Once the ledger knows the execution. */
    void begin() {
        thread = Thread.ofPlatform().daemon().name("progress-notes").start(Carried.over(this::work));
    }

    private void work() {
        attempt(() -> notes.forgetOld(run.vault(), clock.instant()));
        attempt(() -> note(false));
        while (!isToEnd()) {
            attempt(() -> note(false));
        }
        attempt(() -> note(true));
    }

    /** Waits for the machine's time to pass: an injected one may stand still while vaults are at work. */
    private boolean isToEnd() {
        try {
            return toEnd.await(BETWEEN_NOTES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) { // nobody does
            return true;
        }
    }

    private void note(boolean last) {
        RunMonitor.Progress progress = monitor.progress();
        Instant now = clock.instant();
        notes.note(run.snapshot(), execution, process, progress, now);
        Instant before = latestPoint;
        if (before == null || !now.isBefore(before.plus(BETWEEN_POINTS)) || (last && now.isAfter(before))) {
            notes.point(run.snapshot(), execution, progress, now);
            latestPoint = now;
        }
    }

    private void attempt(Runnable noting) {
        try {
            if (turn.tryAcquire(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    noting.run();
                } finally {
                    turn.release();
                }
            }
        } catch (InterruptedException ended) { // nobody does
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failed) { // or this thread would tell of it in its own way
            if (!told) {
                told = true;
                LOG.warn(
                        "How far run {} of {} is could not be noted in the job database, and may not be seen elsewhere; the run goes on. {}",
                        run.snapshot(),
                        run.vault(),
                        DatabaseFailure.of(failed)
                                .map(DatabaseFailure::what)
                                .orElseGet(() -> String.valueOf(failed.getMessage())));
            }
        }
    }

    /** Notes how far it came at last. */
    @Override
    public void close() {
        Thread noting = thread;
        toEnd.countDown();
        if (noting == null) {
            return;
        }
        try {
            if (!noting.join(LONGEST_END)) {
                told = true; // its database may be closed by the time that it goes on
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
