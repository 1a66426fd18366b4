package io.keyvaultbackup.pipeline;

import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseLostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lease that is renewed while the run lasts. If it is lost the run is stopped: somebody else may work on this vault now, and what
 * this execution still writes has a name that nobody will refer to.
 */
public final class KeptLease implements AutoCloseable {

    private static final int RENEWALS_IN_A_LIFETIME = 3;

    /** The part of a lifetime that is left for the difference of clocks, and for what is under way. */
    private static final int MARGIN = 12;

    /** One that failed is made again after this part of the time between two: it is not to cost a third of the lifetime. */
    private static final int SOON = 4;

    /** A renewal that is under way is not torn off in the middle of a write. */
    private static final int PATIENCE_SECONDS = 2;

    private final Lease lease;
    private final String vault;
    private final String snapshot;
    private final StopSignal run;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("lease").factory());
    private final Duration pause;
    private final Duration lasting;
    private final ReentrantLock renewing = new ReentrantLock();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Runnable look = () -> {};
    private volatile Moment begun;
    private volatile boolean failed;
    private volatile @Nullable LeaseLostException lost;

    private KeptLease(
            Lease lease, String vault, String snapshot, StopSignal run, InstantSource clock, Moment beforeItWasTaken) {
        this.lease = lease;
        this.vault = vault;
        this.snapshot = snapshot;
        this.run = run;
        this.clock = clock;
        this.begun = beforeItWasTaken;
        this.pause = renewedEvery(lease.lifetime());
        this.lasting = lease.lifetime().dividedBy(MARGIN).multipliedBy(MARGIN - 1L);
        long taking = System.nanoTime() - beforeItWasTaken.nanos();
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        renewAfter(Math.max(0, pause.toNanos() - taking));
    }

    private void renewAfter(long nanos) {
        try {
            var _ = timer.schedule(this::renewInTime, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            return; // given back, or given up
        }
    }

    /**
     * Takes a lease and keeps it. Its time is counted from before it was asked for: nobody knows when on the way the store began to count.
     *
     * @param taking asks for the lease
     * @param vault its folder's name, and the run's, as they are given when the lease is taken
     * @param run stops this run, and no other
     */
    public static KeptLease of(
            Supplier<Lease> taking, String vault, String snapshot, StopSignal run, InstantSource clock) {
        Moment before = Moment.now(clock);
        return new KeptLease(taking.get(), vault, snapshot, run, clock, before);
    }

    /** How often a lease of that lifetime is renewed; with each renewal an operator's stop is heard. */
    public static Duration renewedEvery(Duration lifetime) {
        return lifetime.dividedBy(RENEWALS_IN_A_LIFETIME);
    }

    private void renewInTime() {
        renewing.lock();
        try {
            renew();
        } finally {
            renewing.unlock();
        }
        renewAfter((failed ? pause.dividedBy(SOON) : pause).toNanos());
        lookOnce();
    }

    /**
     * Has this run about as often as the lease is renewed, from now on: by a thread of its own, which the next renewal does not wait for, and not
     * again before it has ended. What it throws is not told: it is run again.
     */
    public void afterRenewals(Runnable what) {
        look = what;
    }

    private void lookOnce() {
        if (lost == null && looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("look").start(() -> {
                try {
                    look.run();
                } catch (RuntimeException notNow) {
                    return; // after the next renewal
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    private void renew() {
        Moment before = Moment.now(clock);
        try {
            lease.renew();
            begun = before;
            failed = false;
        } catch (LeaseLostException taken) {
            giveUp(taken);
        } catch (RuntimeException | Error unknown) { // or nobody would renew it any more, and nobody would know
            failed = true;
            if (isOver()) {
                giveUp(notInTime(": " + unknown.getMessage()));
            }
        }
    }

    /**
     * Whether nobody else can have it: asked just before what must not happen after its end, as a renewal that hangs, or a machine that slept, tells nothing.
     * Once it is not held the run is stopped.
     */
    public boolean isHeld() {
        if (lost == null && isOver()) {
            renewAtOnce();
        }
        return lost == null;
    }

    private boolean isOver() {
        return begun.isOver(lasting, Moment.now(clock));
    }

    /**
     * Its time may only seem to be over, where the timer came too late on a busy machine, or a clock was put forward: the store knows whether somebody else
     * has had it. A renewal that is under way already is waited for, but not long.
     */
    private void renewAtOnce() {
        if (isMyTurn()) {
            try {
                if (lost == null && isOver()) {
                    renew();
                }
            } finally {
                renewing.unlock();
            }
        }
        if (lost == null && isOver()) {
            giveUp(notInTime(""));
        }
    }

    private boolean isMyTurn() {
        try {
            return renewing.tryLock(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private LeaseLostException notInTime(String why) {
        return new LeaseLostException(vault, snapshot, lease.execution(), "it could not be renewed in time" + why);
    }

    private void giveUp(LeaseLostException why) {
        lost = why;
        run.give();
        timer.shutdown();
    }

    /** The epoch: part of every name that is written under this lease. */
    public int execution() {
        return lease.execution();
    }

    /** Why the run was stopped, if that was for want of the lease. */
    public Optional<LeaseLostException> lost() {
        return Optional.ofNullable(lost);
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            timer.shutdownNow();
            Thread.currentThread().interrupt();
        }
        lease.close();
    }
}
