package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.function.BooleanSupplier;
import org.springframework.batch.core.job.flow.FlowExecutionStatus;
import org.springframework.batch.core.job.flow.JobExecutionDecider;

/**
 * When the steps of one execution begin that are done beside others. Of a small vault one follows the other. A larger one is backed up as soon as there is
 * enough to begin with, if there are no earlier copies that could be taken over; and it is listed again in time for that to end when the backups do.
 */
final class Turns {

    /** What a decider says where the step is to begin; else it is left out. */
    static final String BEGIN = "BEGIN";

    /** What a listing may take longer than the first one, beside backups. */
    private static final double SLOWER = 1.5;

    private final SideBySide steps;
    private final Reusing reusing;
    private final ObjectLedger ledger;
    private final SnapshotId snapshot;
    private final int from;

    /** @param from how many objects a larger vault has at least */
    Turns(SideBySide steps, Reusing reusing, ObjectLedger ledger, SnapshotId snapshot, int from) {
        this.steps = steps;
        this.reusing = reusing;
        this.ledger = ledger;
        this.snapshot = snapshot;
        this.from = from;
    }

    /** When to begin to copy. */
    JobExecutionDecider copying() {
        return (job, step) -> {
            await(() -> isOver(steps.listing()) || (steps.planned() >= from && reusing.isOfNone()));
            boolean begin = steps.listing() != SideBySide.Standing.BROKEN_OFF;
            if (!begin) {
                steps.copied(false);
            }
            return said(begin);
        };
    }

    /** When to list again. */
    JobExecutionDecider closing() {
        return (job, step) -> {
            await(() -> isOver(steps.copying()) || isSoonCopied());
            return said(
                    steps.listing() == SideBySide.Standing.DONE && steps.copying() != SideBySide.Standing.BROKEN_OFF);
        };
    }

    private boolean isSoonCopied() {
        long objects = steps.total();
        return steps.listing() == SideBySide.Standing.DONE
                && objects >= from
                && !steps.isEnding()
                && steps.copying(objects - steps.recorded()).toNanos()
                        <= SLOWER * steps.listingTook().toNanos()
                && ledger.firstPending(snapshot, ObjectKind.CERTIFICATE, "").isEmpty();
    }

    private void await(BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            steps.awaitChange();
        }
    }

    private static boolean isOver(SideBySide.Standing standing) {
        return standing != SideBySide.Standing.AT_WORK;
    }

    private static FlowExecutionStatus said(boolean begin) {
        return begin ? new FlowExecutionStatus(BEGIN) : FlowExecutionStatus.COMPLETED;
    }
}
