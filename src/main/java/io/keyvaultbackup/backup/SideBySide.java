package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.Carried;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.vault.ObjectId;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskExecutor;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * How far the steps are that one execution does side by side, as far as others see it in the ledger: told once it is committed. Safe for use by many
 * threads.
 */
final class SideBySide {

    /** How a step, or several, stands. */
    enum Standing {
        AT_WORK,
        DONE,
        BROKEN_OFF
    }

    /** Who waits for what no commit tells looks again after so long. */
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Stopwatch stopwatch;
    private final StopSignal stop;
    private final StopSignal timeUp;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long changes;
    private final Set<ObjectId> underWay = ConcurrentHashMap.newKeySet();
    private volatile long listingBegan;
    private volatile Duration listingTook = Duration.ZERO;
    private volatile @Nullable Long copyingBegan;
    private volatile Standing listing = Standing.AT_WORK;
    private volatile Standing copying = Standing.AT_WORK;
    private final AtomicLong planned = new AtomicLong();
    private volatile long total;
    private final AtomicLong recorded = new AtomicLong();

    SideBySide(Stopwatch stopwatch, StopSignal stop, StopSignal timeUp) {
        this.stopwatch = stopwatch;
        this.stop = stop;
        this.timeUp = timeUp;
    }

    /** Within a transaction that plans so many objects. */
    void planned(int objects) {
        onCommit(() -> planned.addAndGet(objects));
    }

    /** An object is handed out to be copied. */
    void handedOut(ObjectId object) {
        underWay.add(object);
    }

    /** What is handed out and not recorded. */
    Set<ObjectId> underWay() {
        return Set.copyOf(underWay);
    }

    /** Within a transaction that records these. */
    void recorded(Collection<? extends ObjectResult> results) {
        onCommit(() -> {
            recorded.addAndGet(results.size());
            results.forEach(result -> underWay.remove(result.id()));
        });
    }

    /** The vault is being listed. */
    void list() {
        listingBegan = stopwatch.nanos();
    }

    /** So many objects are to be copied, all in all. */
    void plannedInAll(long objects) {
        total = objects;
    }

    /** Nothing more is listed, or taken over from earlier copies. */
    void listed(boolean wholly) {
        change(() -> {
            if (listing == Standing.AT_WORK) {
                listingTook = Duration.ofNanos(stopwatch.nanos() - listingBegan);
                listing = wholly ? Standing.DONE : Standing.BROKEN_OFF;
            }
        });
    }

    /** Objects are being copied. */
    void copy() {
        copyingBegan = stopwatch.nanos();
    }

    /** Nothing more is copied. */
    void copied(boolean wholly) {
        change(() -> {
            if (copying == Standing.AT_WORK) {
                copying = wholly ? Standing.DONE : Standing.BROKEN_OFF;
            }
        });
    }

    /**
     * Threads for the flows of listing, copying and listing again, in this order. However one ends, nobody waits for it.
     */
    TaskExecutor threads() {
        Iterator<Runnable> ends = List.<Runnable>of(() -> listed(false), () -> copied(false), () -> {})
                .iterator();
        return flow -> {
            Runnable end = ends.next();
            Thread.ofVirtual().name("step").start(Carried.over(() -> {
                try {
                    flow.run();
                } finally {
                    end.run();
                }
            }));
        };
    }

    /** How long the listing took; no time before it has ended. */
    Duration listingTook() {
        return listingTook;
    }

    /** How long so many objects more will take, at the pace until now; for ever where none is recorded yet. */
    Duration copying(long objects) {
        long done = recorded();
        Long began = copyingBegan;
        return done == 0 || began == null
                ? Duration.ofNanos(Long.MAX_VALUE)
                : Duration.ofNanos((long) ((double) objects / done * (stopwatch.nanos() - began)));
    }

    private void onCommit(Runnable what) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                change(what);
            }
        });
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Standing listing() {
        return listing;
    }

    Standing copying() {
        return copying;
    }

    /** How many objects were planned, those of earlier executions aside. */
    long planned() {
        return planned.get();
    }

    /** How many objects are to be copied, all in all; 0 before that is known. */
    long total() {
        return total;
    }

    /** How many objects were recorded since this execution began. */
    long recorded() {
        return recorded.get();
    }

    /** Whether what is at work shall end. */
    boolean isEnding() {
        return stop.isGiven() || timeUp.isGiven();
    }

    /** Waits until nothing more is copied, also if the execution shall end. */
    void awaitCopied() {
        while (copying == Standing.AT_WORK) {
            awaitChange();
        }
    }

    /** Waits until something changes, for a moment at most. */
    void awaitChange() {
        try {
            lock.lockInterruptibly();
            try {
                long before = changes;
                long left = TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS);
                while (changes == before && left > 0) {
                    left = changed.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for another step");
        }
    }
}
