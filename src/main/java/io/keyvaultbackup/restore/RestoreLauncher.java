package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.pipeline.KeptLease;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.recovery.PlannedRestore;
import io.keyvaultbackup.recovery.RestorePlan;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.recovery.RestoreResult;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.recovery.Restores;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** Plans restores, launches them, and continues those that did not end. */
final class RestoreLauncher implements Restores {

    private static final int NOTABLE_TOLD = 50;

    private final RestoreParts parts;
    private final HeldTarget held;

    RestoreLauncher(RestoreParts parts, HeldTarget held) {
        this.parts = parts;
        this.held = held;
    }

    @Override
    public RestorePlan plan(RestoreRequest request, Consumer<PlannedRestore> each, RunMonitor monitor) {
        monitor.enter(RunMonitor.Phase.PLAN);
        RestoreWork work = new RestoreExecution(parts, "plan", request, id -> true, monitor, new StopSignal()).work();
        Map<RestoreOutcome, Long> counts = new EnumMap<>(RestoreOutcome.class);
        List<PlannedRestore> notable = new ArrayList<>();
        Consumer<RestoreRow> tell = row -> {
            PlannedRestore planned = new PlannedRestore(
                    row.id(),
                    row.outcome(),
                    row.failure() == null ? row.why() : row.failure().describe());
            counts.merge(row.outcome(), 1L, Long::sum);
            if (planned.why() != null && notable.size() < NOTABLE_TOLD) {
                notable.add(planned);
            }
            each.accept(planned);
        };
        List<RestoreRow> taken = new ArrayList<>();
        work.makePlan(() -> {}, row -> {
            if (row.outcome() == RestoreOutcome.TO_COMPARE) {
                taken.add(row);
            } else {
                tell.accept(row);
            }
        });
        monitor.planned(taken.size());
        monitor.enter(RunMonitor.Phase.COMPARE);
        compare(work, taken, tell);
        return new RestorePlan(
                request, counts, work.notInSnapshot(), notable, work.listing().deletedUnknown());
    }

    private void compare(RestoreWork work, List<RestoreRow> taken, Consumer<RestoreRow> tell) {
        Iterator<RestoreRow> rows = taken.iterator();
        Stage<RestoreRow> stage = Stage.<RestoreRow, RestoreRow>workAhead(
                "compare", parts.properties().threads(), () -> rows.hasNext() ? rows.next() : null, work::judge);
        stage.open(new ExecutionContext());
        try {
            for (@Nullable RestoreRow row = stage.read(); row != null; row = stage.read()) {
                tell.accept(row);
            }
        } catch (Exception failed) { // Spring Batch's reader declares it: whatever stopped the work is thrown there
            throw RestoreExecution.understood(failed);
        } finally {
            stage.close();
        }
    }

    @Override
    public RestoreResult restore(
            RestoreRequest request, Predicate<RestorePlan> approval, RunMonitor monitor, StopSignal stop) {
        RestoreLedger.Begun begun = RestoreIdentity.begin(parts, request, false);
        return held.hold(
                request.target(),
                begun.id(),
                stop,
                (lease, stopped) -> parts.traces()
                        .execution("restore", request.target().storeName(), begun.id(), told -> {
                            RestoreResult result = execute(begun, request, approval, monitor, lease, stopped);
                            RestoreStatus status = result.status();
                            told.ended(status, status == RestoreStatus.COMPLETE);
                            return result;
                        }));
    }

    private RestoreResult execute(
            RestoreLedger.Begun begun,
            RestoreRequest request,
            Predicate<RestorePlan> approval,
            RunMonitor monitor,
            KeptLease lease,
            StopSignal stop) {
        Instant startedAt = parts.clock().instant();
        parts.ledger().begin(begun, lease.execution(), startedAt);
        RestoreExecution execution = new RestoreExecution(parts, begun.id(), request, id -> true, monitor, stop);
        RestoreJob job = new RestoreJob(parts, begun.id(), lease.execution(), request, execution, approval, startedAt);
        @Nullable RuntimeException failed = job.run(execution);
        lease.lost().ifPresent(job::lost);
        RestoreStatus status = job.status(stop.isGiven(), failed);
        Tally tally = job.tally();
        job.incidents().forEach(tally::failed);
        if (failed != null) {
            boolean nothingDone = RestoreOutcome.IN_PLACE.stream()
                    .noneMatch(outcome -> outcome != RestoreOutcome.WITH_CERTIFICATE
                            && tally.counts().containsKey(outcome));
            if (nothingDone && lease.lost().isEmpty()) {
                throw failed;
            }
            tally.failed(new Incident("the restore itself", RestoreExecution.failureOf(failed)));
        }
        Instant endedAt = parts.clock().instant();
        boolean open = EnumSet.of(RestoreStatus.STOPPED, RestoreStatus.FAILED).contains(status)
                || (status == RestoreStatus.INCOMPLETE && tally.relaunchMayHelp());
        if (!open) {
            parts.ledger().end(begun.id(), status.name(), job.report(), endedAt);
        }
        return new RestoreResult(
                request,
                begun.id(),
                lease.execution(),
                status,
                tally.counts(),
                job.plan(),
                tally.incidents(),
                tally.failures(),
                tally.deviations(),
                tally.deviating(),
                tally.damagedCopies(),
                tally.relaunchMayHelp(),
                tally.nothingForLackOfPermission(),
                job.report(),
                parts.locationOf(request.snapshot()),
                execution.pacer().usage(),
                Duration.between(startedAt, endedAt));
    }
}
