package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.ReusedCopies;
import io.keyvaultbackup.ledger.StoredObjects;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.Reuse;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/**
 * The step between inventory and backup: what is in the state that a copy of an earlier snapshot is of needs no new one, unless it is its turn, or the store
 * has lost that copy. Whatever this cannot do is a matter for the backup step: nothing that the store does here fails a run.
 */
final class Reusing implements Tasklet {

    /** What a certificate has of its own besides: when these changed is known only where both were listed. */
    private static final Set<ObjectKind> PARTS = Set.of(ObjectKind.KEY, ObjectKind.SECRET);

    private final RunRequest request;
    private final int execution;
    private final BackupProperties properties;
    private final EarlierCopies earlier;
    private final ObjectLedger objects;
    private final ReusedCopies ledger;
    private final StoredObjects stored;
    private final StoreLook look;
    private final StoppableCalls calls;
    private final StopSignal stop;
    private final StopSignal timeUp;
    private final RunMonitor monitor;

    private volatile Reuse result = Reuse.NONE;
    private volatile Ahead ahead = Ahead.NOTHING;

    Reusing(
            RunRequest request,
            int execution,
            BackupProperties properties,
            EarlierCopies earlier,
            ObjectLedger objects,
            ReusedCopies ledger,
            StoredObjects stored,
            StoreLook look,
            StoppableCalls calls,
            StopSignal stop,
            StopSignal timeUp,
            RunMonitor monitor) {
        this.request = request;
        this.execution = execution;
        this.properties = properties;
        this.earlier = earlier;
        this.objects = objects;
        this.ledger = ledger;
        this.stored = stored;
        this.look = look;
        this.calls = calls;
        this.stop = stop;
        this.timeUp = timeUp;
        this.monitor = monitor;
    }

    /** While the vault is listed there is time to examine what will most likely be taken over, and to look for it in the store. */
    void begin() {
        ahead = earlier.ahead(request, look::ahead);
    }

    /** Whether it is known by now that there is nothing to take over. */
    boolean isOfNone() {
        return request.full() || ahead.isOfNone();
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        monitor.enter(RunMonitor.Phase.REUSE);
        try {
            result = calls.call(this::reuse);
        } catch (StoppedException stopped) {
            contribution.getStepExecution().setTerminateOnly();
        }
        return RepeatStatus.FINISHED;
    }

    private Reuse reuse() {
        SnapshotId snapshot = request.snapshot();
        RefreshTurns turns = new RefreshTurns(
                properties.refreshDays(),
                RefreshTurns.day(request.scheduledFor()),
                count -> ledger.forEach(snapshot, count));
        boolean partsListed = objects.completelyListed(snapshot).containsAll(PARTS);
        Reuse looked = isOfNone() // then backups may have begun, which relied on it
                ? Reuse.NONE
                : earlier.lookThrough(request, properties.place(), turns, partsListed, ahead, new ByTheLedger());
        ahead.await();
        ledger.copyCertificatesOfChangedParts(snapshot, execution);
        return looked.manifests().isEmpty() ? looked : withoutWhatIsMissing(looked);
    }

    /** The seal looks again: where the store does not tell now, it is asked then. */
    private Reuse withoutWhatIsMissing(Reuse looked) {
        try {
            int missing = stored.missingBecomePending(
                    request.snapshot(), execution, look.beforeBackup(), (blob, version) -> {}, Outcome.UNCHANGED);
            return new Reuse(looked.manifests(), missing, looked.unread());
        } catch (FailureException untold) {
            return new Reuse(
                    looked.manifests(),
                    0,
                    Stream.concat(
                                    looked.unread().stream(),
                                    Stream.of("whether the store still has the copies was not told: "
                                            + untold.failure().describe()))
                            .toList());
        }
    }

    /** What came of it. */
    Reuse result() {
        return result;
    }

    private final class ByTheLedger implements EarlierCopies.Taker {

        @Override
        public Set<ObjectKind> left() {
            return ledger.left(request.snapshot(), execution);
        }

        @Override
        public int take(List<LedgerObject> found) {
            requireNoStop();
            return ledger.reuse(request.snapshot(), execution, found);
        }

        @Override
        public void refresh(List<LedgerObject> due) {
            requireNoStop();
            ledger.refresh(request.snapshot(), execution, due);
        }

        @Override
        public void undo() {
            ledger.undo(request.snapshot(), execution);
        }

        @Override
        public boolean isEnding() {
            requireNoStop();
            return timeUp.isGiven();
        }

        private void requireNoStop() {
            if (stop.isGiven()) {
                throw new StoppedException();
            }
        }
    }
}
