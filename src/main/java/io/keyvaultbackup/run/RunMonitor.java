package io.keyvaultbackup.run;

import io.keyvaultbackup.pacing.Pacer;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How far a run is, while it runs: written by the job's threads, read by whoever shows progress. Safe for use by many threads. */
public final class RunMonitor {

    /** What the job is at. */
    public enum Phase {
        STARTING,
        INVENTORY,
        REUSE,
        BACKUP,
        SETTLE,
        SEAL,
        EXAMINE,
        READ,
        PLAN,
        COMPARE,
        RESTORE,
        PROVE,
        REMOVE,
        FORGET,
        MARK,
        SWEEP
    }

    private final LongAdder listed = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile Phase phase = Phase.STARTING;
    private volatile long total;
    private volatile @Nullable Supplier<Pacer.Usage> usage;

    public void enter(Phase next) {
        phase = next;
    }

    public void watch(Supplier<Pacer.Usage> pacer) {
        usage = pacer;
    }

    public void listed(long objects) {
        listed.add(objects);
    }

    /** Objects are listed again, and counted anew. */
    public void listAgain() {
        listed.reset();
    }

    /** How many objects more a backup step has before it. */
    public void planned(long objects) {
        total = done.sum() + objects;
    }

    /** How many objects the first backup step has in all. */
    public void plannedInAll(long objects) {
        total = objects;
    }

    public void finished(Outcome outcome) {
        done.increment();
        if (outcome == Outcome.FAILED) {
            failed.increment();
        }
    }

    public Progress progress() {
        Supplier<Pacer.Usage> pacer = usage;
        return new Progress(phase, listed.sum(), done.sum(), failed.sum(), total, pacer == null ? null : pacer.get());
    }

    /**
     * @param listed objects listed so far; counted anew when they are listed again
     * @param done objects treated so far, the failed ones among them
     * @param total objects that the backup steps so far were given
     */
    public record Progress(Phase phase, long listed, long done, long failed, long total, Pacer.@Nullable Usage usage) {}
}
