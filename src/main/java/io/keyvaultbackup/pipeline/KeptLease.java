package io.keyvaultbackup.pipeline;

import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseLostException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A lease that is renewed while the run lasts. If it is lost the run is stopped: somebody else may work on this vault now, and what
 * this execution still writes has a name that nobody will refer to.
 */
public final class KeptLease implements AutoCloseable {

    private static final int RENEWALS_IN_A_LIFETIME = 3;

    /** The part of a lifetime that is left for the difference of clocks, and for what is under way. */
    private static final int MARGIN = 12;

    /** One renewal may fail; after the second the lease may end before a third could be answered. */
    private static final int FAILURES = 2;

    /** A renewal that is under way is not torn off in the middle of a write. */
    private static final int PATIENCE_SECONDS = 2;

    private final Lease lease;
    private final String vault;
    private final String snapshot;
    private final StopSignal run;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("lease").factory());
    private final long lasting;
    private volatile long heldUntil;
    private int failures;
    private volatile @Nullable LeaseLostException lost;

    /**
     * @param vault its folder's name, and the run's, as they were given when the lease was taken
     * @param run stops this run, and no other
     */
    public KeptLease(Lease lease, String vault, String snapshot, StopSignal run) {
        this.lease = lease;
        this.vault = vault;
        this.snapshot = snapshot;
        this.run = run;
        this.lasting = lease.lifetime().toNanos() / MARGIN * (MARGIN - 1);
        this.heldUntil = System.nanoTime() + lasting;
        long pause = lease.lifetime().toMillis() / RENEWALS_IN_A_LIFETIME;
        var _ = timer.scheduleWithFixedDelay(this::renew, pause, pause, TimeUnit.MILLISECONDS);
    }

    private void renew() {
        long began = System.nanoTime();
        try {
            lease.renew();
            heldUntil = began + lasting;
            failures = 0;
        } catch (LeaseLostException taken) {
            giveUp(taken);
        } catch (RuntimeException unknown) {
            if (++failures >= FAILURES) {
                giveUp(new LeaseLostException(
                        vault,
                        snapshot,
                        lease.execution(),
                        "it could not be renewed in time: " + unknown.getMessage()));
            }
        }
    }

    /**
     * Whether nobody else can have it: asked just before what must not happen after its end, as a renewal that hangs, or a machine that slept, tells nothing.
     * Once it is not held the run is stopped.
     */
    public boolean isHeld() {
        if (lost == null && System.nanoTime() - heldUntil >= 0) {
            giveUp(new LeaseLostException(vault, snapshot, lease.execution(), "it could not be renewed in time"));
        }
        return lost == null;
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
