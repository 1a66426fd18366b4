package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.notification.Event;
import io.keyvaultbackup.notification.News;
import io.keyvaultbackup.notification.Notifications;
import io.keyvaultbackup.notification.Topic;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pipeline.KeptLease;
import io.keyvaultbackup.recovery.DrillRequest;
import io.keyvaultbackup.recovery.DrillResult;
import io.keyvaultbackup.recovery.Drills;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.recovery.RestoreResult;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.UnreadableManifestException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Launches drills, each a new one, in vaults that are places for trials. */
final class DrillLauncher implements Drills {

    private final RestoreParts parts;
    private final HeldTarget held;
    private final Catalogue catalogue;
    private final DrillMeters meters;
    private final Notifications notifications;

    DrillLauncher(
            RestoreParts parts, HeldTarget held, Catalogue catalogue, DrillMeters meters, Notifications notifications) {
        this.parts = parts;
        this.held = held;
        this.catalogue = catalogue;
        this.meters = meters;
        this.notifications = notifications;
    }

    @Override
    public DrillResult drill(DrillRequest drill, Approval approval, RunMonitor monitor, StopSignal stop) {
        refuseOthersVaults(drill);
        RestoreRequest request = new RestoreRequest(
                drill.snapshot(), drill.scratch(), whatItIsAbout(drill), RestoreRequest.OnConflict.FAIL, false);
        RestoreLedger.Begun begun = RestoreIdentity.begin(parts, request, true);
        Sample sample = new Sample(begun.id());
        parts.copies().objects(drill.snapshot(), examined -> {}, sample::add);
        Set<ObjectId> chosen = sample.choose(drill.sample());
        if (chosen.isEmpty()) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.STORE_NOT_FOUND,
                    "Snapshot " + drill.snapshot().id() + " of " + drill.source()
                            + " has no object to try: a drill takes those that have a copy and whose versions were recorded"
                            + " (keyvault-backup.list-versions), since it knows by these what it may remove.");
        }
        // Planned as impossible and told, whatever the sample: a restore of the snapshot would not have them either.
        chosen.addAll(sample.withoutCopy());
        List<String> notTried = sample.untried(drill.sample());
        return held.hold(
                drill.scratch(),
                begun.id(),
                stop,
                (lease, stopped) -> parts.traces()
                        .execution("drill", request.target().storeName(), begun.id(), told -> {
                            DrillResult result = execute(
                                    begun,
                                    request,
                                    chosen,
                                    sample.copies(),
                                    notTried,
                                    approval,
                                    monitor,
                                    lease,
                                    stopped);
                            RestoreStatus status = result.outcome().status();
                            told.ended(status, status == RestoreStatus.COMPLETE);
                            return result;
                        }));
    }

    /** A kind that is left out of the backup on purpose is not lacking. */
    private Selection whatItIsAbout(DrillRequest drill) {
        try {
            Set<ObjectKind> kinds = catalogue
                    .head(drill.snapshot().manifest())
                    .request()
                    .selection()
                    .kinds();
            return new Selection(kinds, List.of(), List.of());
        } catch (UnreadableManifestException damaged) {
            return Selection.everything(); // the examination of the whole refuses it, and says why
        }
    }

    private void refuseOthersVaults(DrillRequest drill) {
        VaultAddress scratch = canonical(drill.scratch());
        if (scratch.equals(canonical(drill.source()))
                || scratch.storeName().equals(drill.snapshot().vault())) {
            throw refused(drill, "is the vault that the snapshot is of");
        }
        if (drill.configured().stream().map(DrillLauncher::canonical).anyMatch(scratch::equals)) {
            throw refused(drill, "is configured for backup (keyvault-backup.vaults)");
        }
        if (!catalogue
                .snapshots(List.of(scratch.storeName(), drill.scratch().storeName()))
                .isEmpty()) {
            throw refused(drill, "has snapshots in the store, so it is a vault that is backed up");
        }
    }

    /** A vault may be called by the name of its private endpoint, too. */
    private static VaultAddress canonical(VaultAddress vault) {
        return VaultAddress.parse(vault.toString().replace(".privatelink.", "."));
    }

    private static RunRefusedException refused(DrillRequest drill, String why) {
        return new RunRefusedException(
                RunRefusedException.Cause.WRONG_USAGE,
                "--to: " + drill.scratch() + " " + why
                        + ". A drill removes what it restored; name an empty vault that is for drills alone.");
    }

    private DrillResult execute(
            RestoreLedger.Begun begun,
            RestoreRequest request,
            Set<ObjectId> chosen,
            long copies,
            List<String> notTried,
            Approval approval,
            RunMonitor monitor,
            KeptLease lease,
            StopSignal stop) {
        Instant startedAt = parts.clock().instant();
        parts.ledger().begin(begun, lease.execution(), startedAt);
        RestoreExecution execution = new RestoreExecution(parts, begun.id(), request, chosen::contains, monitor, stop);
        DrillJob job = new DrillJob(
                parts,
                begun.id(),
                lease.execution(),
                request,
                execution,
                approval,
                new Timings(
                        copies,
                        parts.properties().threads(),
                        Budget.parse(parts.properties().budget())),
                notTried,
                startedAt);
        @Nullable RuntimeException failed = job.run();
        RestoreStatus status = lease.lost().isPresent() ? RestoreStatus.FAILED : job.status(stop.isGiven(), failed);
        parts.ledger()
                .end(begun.id(), status.name(), job.report(), parts.clock().instant());
        if (failed != null && job.plan() == null) {
            meters.failed(request.snapshot().vault(), since(startedAt));
            tellOf(request, Event.FAILED, startedAt, Map.of(), Map.of());
            throw failed;
        }
        Tally tally = job.tally();
        job.incidents().forEach(tally::failed);
        if (failed != null) {
            tally.failed(new Incident("the drill itself", RestoreExecution.failureOf(failed)));
        }
        RestoreResult outcome = new RestoreResult(
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
                since(startedAt));
        DrillResult result = new DrillResult(outcome, job.timing(), job.recoveryLevel());
        meters.ended(result);
        tellOf(outcome, startedAt);
        return result;
    }

    /** What somebody stopped, or declined, says nothing of whether a restore would work. */
    private void tellOf(RestoreResult outcome, Instant at) {
        @Nullable
        Event trouble = outcome.damagedCopies()
                ? Event.DAMAGED
                : switch (outcome.status()) {
                    case DIFFERENT -> Event.DAMAGED;
                    case INCOMPLETE -> Event.INCOMPLETE;
                    case BLOCKED, FAILED -> Event.FAILED;
                    case COMPLETE, STOPPED, DECLINED -> null;
                };
        if (trouble == null && outcome.status() != RestoreStatus.COMPLETE) {
            return;
        }
        Map<String, Long> outcomes = new TreeMap<>();
        outcome.counts().forEach((kind, count) -> outcomes.put(kind.name(), count));
        Map<FailureReason, Long> reasons = outcome.incidents().stream()
                .map(Incident::failure)
                .collect(Collectors.groupingBy(Failure::reason, Collectors.counting()));
        tellOf(outcome.request(), trouble, at, outcomes, reasons);
    }

    private void tellOf(
            RestoreRequest request,
            @Nullable Event trouble,
            Instant at,
            Map<String, Long> outcomes,
            Map<FailureReason, Long> reasons) {
        notifications.tell(new News(
                Topic.DRILL,
                request.snapshot().vault(),
                trouble,
                at,
                request.snapshot().id().value(),
                null,
                outcomes,
                reasons));
    }

    private Duration since(Instant startedAt) {
        return Duration.between(startedAt, parts.clock().instant());
    }
}
