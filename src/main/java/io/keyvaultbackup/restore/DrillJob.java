package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.pacing.PacedScratchVault;
import io.keyvaultbackup.recovery.DrillResult;
import io.keyvaultbackup.recovery.Drills;
import io.keyvaultbackup.recovery.RestorePlan;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.FlowBuilder;
import org.springframework.batch.core.job.builder.FlowJobBuilder;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.step.Step;

/**
 * The job of a drill: what a drill that died left there is removed, the vault must be empty then; plan, the list stored, one object restored and with
 * it the question whether the vault purges, then the others, the proof, the removal, the report.
 */
final class DrillJob {

    private static final String NAME = "drill";
    private static final ExitStatus NO = new ExitStatus("NO");
    private static final String PURGEABLE = "Purgeable";
    private static final int NAMED = 5;

    private final RestoreParts parts;
    private final String id;
    private final int number;
    private final RestoreRequest request;
    private final RestoreExecution execution;
    private final Drills.Approval approval;
    private final Timings timings;
    private final List<String> notTried;
    private final Instant startedAt;
    private final DrillLists lists;
    private final List<Incident> incidents = new ArrayList<>();
    private @Nullable RestorePlan plan;
    private @Nullable RestoreStatus early;
    private @Nullable String recoveryLevel;
    private @Nullable String report;
    private @Nullable TrialRemoval removal;
    private boolean reported;
    private boolean goingOn;

    DrillJob(
            RestoreParts parts,
            String id,
            int number,
            RestoreRequest request,
            RestoreExecution execution,
            Drills.Approval approval,
            Timings timings,
            List<String> notTried,
            Instant startedAt) {
        this.parts = parts;
        this.id = id;
        this.number = number;
        this.request = request;
        this.execution = execution;
        this.approval = approval;
        this.timings = timings;
        this.notTried = List.copyOf(notTried);
        this.startedAt = startedAt;
        this.lists = new DrillLists(parts.stores().getObject(), execution.patience());
    }

    private Job build() {
        RestoreSteps steps = execution.steps();
        RestoreWork work = execution.work();
        ObjectRestore objects = execution.objectRestore();
        Set<ObjectKind> all = EnumSet.allOf(ObjectKind.class);
        Step approve = steps.alone("approve", RunMonitor.Phase.PLAN, this::approve);
        Step first = steps.first(
                1, "first", RunMonitor.Phase.RESTORE, RestoreOutcome.TO_DO, RestoreJob.ORDER, objects::restore);
        Step level = steps.alone("level", RunMonitor.Phase.RESTORE, this::mayLeaveBehind);
        Step survey = steps.once("survey", RunMonitor.Phase.PROVE, () -> {
            parts.ledger().followCertificates(id);
            work.survey();
        });
        Step leftovers = steps.alone("leftovers", RunMonitor.Phase.REMOVE, this::removeLeftovers);
        FlowBuilder<FlowJobBuilder> flow = new JobBuilder(NAME, parts.repository()).flow(leftovers);
        Step planning = steps.once("plan", RunMonitor.Phase.PLAN, work::plan);
        flow.on(NO.getExitCode()).end();
        flow.from(leftovers).on(ExitStatus.FAILED.getExitCode()).fail();
        flow.from(leftovers).on(ExitStatus.COMPLETED.getExitCode()).to(planning).next(approve);
        flow.on(NO.getExitCode()).end();
        flow.from(approve).on(ExitStatus.FAILED.getExitCode()).fail();
        flow.from(approve).on(ExitStatus.COMPLETED.getExitCode()).to(first).next(level);
        flow.on(NO.getExitCode()).to(survey);
        flow.from(level).on(ExitStatus.FAILED.getExitCode()).fail();
        @Nullable Step before = null;
        for (ObjectKind kind : RestoreJob.ORDER) {
            Step restore = steps.each(
                    kind.collection(), RunMonitor.Phase.RESTORE, RestoreOutcome.TO_DO, Set.of(kind), objects::restore);
            if (before == null) {
                flow.from(level).on(ExitStatus.COMPLETED.getExitCode()).to(restore);
            } else {
                flow.from(before).next(restore);
            }
            before = restore;
        }
        flow.next(survey)
                .next(steps.each("prove", RunMonitor.Phase.PROVE, RestoreOutcome.IN_PLACE, all, work::prove))
                .next(steps.each(
                        "remove",
                        RunMonitor.Phase.REMOVE,
                        EnumSet.of(RestoreOutcome.RESTORED, RestoreOutcome.FAILED),
                        all,
                        row -> ofAll().remove(row)))
                .next(steps.alone("report", RunMonitor.Phase.PROVE, this::writeReport));
        return flow.end().build();
    }

    /** Runs it; what made it fail, or null. */
    @Nullable
    RuntimeException run() {
        JobExecution ended = execution.run(build());
        return RestoreExecution.failureOf(ended);
    }

    /** The one of this execution. */
    private synchronized TrialRemoval ofAll() {
        if (removal == null) {
            removal = removal();
        }
        return removal;
    }

    private TrialRemoval removal() {
        return new TrialRemoval(
                new PacedScratchVault(parts.vaults().scratch(request.target().uri()), execution.pacer()),
                new TargetVersions(execution.vault(), execution.patience()),
                execution.patience(),
                recoveryLevel == null || recoveryLevel.contains(PURGEABLE));
    }

    /** Only what is on the list of a drill that did not end, in the versions that it restored, and only if there is nothing else. */
    private ExitStatus removeLeftovers() {
        Map<ObjectId, Set<String>> left = lists.unfinished(request.snapshot().vault(), request.target());
        List<VaultObject> there = objectsThere();
        List<ObjectId> foreign = there.stream()
                .filter(object -> !object.managed())
                .map(VaultObject::id)
                .filter(one -> !left.containsKey(one))
                .toList();
        if (!foreign.isEmpty()) {
            throw notEmpty(foreign);
        }
        if (!there.isEmpty()) {
            askForLevel(there.getFirst().id().kind());
            if (!approval.removeLeftovers(there.stream().map(VaultObject::id).toList())) {
                early = RestoreStatus.DECLINED;
                return NO;
            }
            TrialRemoval leftovers = removal();
            for (VaultObject object : there) {
                if (execution.isStopped()) {
                    return ExitStatus.COMPLETED;
                }
                if (!object.managed()) {
                    leftovers.removed(object.id(), left.getOrDefault(object.id(), Set.of()));
                }
            }
            List<ObjectId> still = objectsThere().stream().map(VaultObject::id).toList();
            if (!still.isEmpty()) {
                throw notEmpty(still);
            }
        }
        lists.close(request.snapshot().vault(), request.target());
        return ExitStatus.COMPLETED;
    }

    private List<VaultObject> objectsThere() {
        return List.copyOf(TargetListing.of(execution.vault(), execution.patience(), new RunMonitor())
                .all());
    }

    private RunRefusedException notEmpty(List<ObjectId> there) {
        return new RunRefusedException(
                RunRefusedException.Cause.WRONG_USAGE,
                "--to: " + request.target()
                        + " is not empty, and a drill takes an empty vault, so that it cannot remove what"
                        + " is somebody's: it holds "
                        + String.join(
                                ", ",
                                there.stream()
                                        .limit(NAMED)
                                        .map(ObjectId::toString)
                                        .sorted()
                                        .toList())
                        + (there.size() > NAMED ? " and " + (there.size() - NAMED) + " more" : "")
                        + ". Name a vault that is for drills alone.");
    }

    private ExitStatus approve() {
        if (!execution.work().listing().all().isEmpty()) {
            throw notEmpty(execution.work().listing().all().stream()
                    .map(VaultObject::id)
                    .toList());
        }
        RestorePlan made = execution.work().summary().lacking(notTried);
        plan = made;
        if (made.inTheWay() > 0) {
            early = RestoreStatus.BLOCKED;
            return NO;
        }
        if (made.toDo() > 0 && !approval.begin(made)) {
            early = RestoreStatus.DECLINED;
            return NO;
        }
        lists.store(parts.ledger(), request, id, number);
        goingOn = true;
        return ExitStatus.COMPLETED;
    }

    private void askForLevel(ObjectKind kind) {
        try {
            recoveryLevel = execution
                    .patience()
                    .call(() -> parts.vaults().door(request.target().uri()).recoveryLevel(kind))
                    .orElse(null);
        } catch (FailureException untold) {
            recoveryLevel = null; // the removal will show
        }
    }

    /** What is restored already tells how the vault treats what is deleted. */
    private ExitStatus mayLeaveBehind() {
        List<ObjectKind> restored = new ArrayList<>();
        parts.ledger()
                .forEach(
                        id,
                        EnumSet.of(RestoreOutcome.RESTORED),
                        row -> restored.add(row.id().kind()));
        recoveryLevel = null;
        if (!restored.isEmpty()) {
            askForLevel(restored.getFirst());
        }
        @Nullable String level = recoveryLevel;
        if (level != null && level.contains(PURGEABLE)) {
            return ExitStatus.COMPLETED;
        }
        long objects = plan == null ? 0 : plan.toDo();
        if (approval.leaveBehind(objects, level == null ? "not known" : level)) {
            return ExitStatus.COMPLETED;
        }
        early = RestoreStatus.DECLINED;
        return NO;
    }

    private ExitStatus writeReport() {
        Tally tally = tally();
        DrillResult.@Nullable Timing timing = timing();
        Map<String, Object> more = new LinkedHashMap<>();
        if (recoveryLevel != null) {
            more.put("recoveryLevel", recoveryLevel);
        }
        if (timing != null) {
            more.put("restored", timing.objects());
            more.put("secondsMean", seconds(timing.mean()));
            more.put("secondsLongest", seconds(timing.longest()));
            more.put("copiesInSnapshot", timing.copies());
            more.put("secondsProjectedForAll", seconds(timing.projected()));
        }
        RestoreReport.Head head = new RestoreReport.Head(
                "drill",
                id,
                number,
                request,
                execution.work().manifestSha256(),
                early == null ? tally.status(lacking(), RestoreOutcome.TRIED) : early,
                startedAt,
                parts.clock().instant(),
                tally.counts(),
                tally.deviating(),
                lacking(),
                more);
        report = execution.report(head, DrillLists.report(request, id, number), incidents);
        reported = true;
        if (tally.counts().keySet().stream().noneMatch(RestoreOutcome.LEFT_BEHIND::equals)) {
            lists.close(request.snapshot().vault(), request.target());
        }
        return ExitStatus.COMPLETED;
    }

    /** What a restore would not find in the snapshot, and what could not be tried: a drill without these is no whole proof. */
    private List<String> lacking() {
        return plan == null ? notTried : plan.notInSnapshot();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    DrillResult.@Nullable Timing timing() {
        List<RestoreRow> rows = new ArrayList<>();
        parts.ledger().forEach(id, EnumSet.allOf(RestoreOutcome.class), row -> {
            if (row.millis() != null) {
                rows.add(row);
            }
        });
        return timings.of(rows);
    }

    Tally tally() {
        return new Tally(parts.ledger(), id);
    }

    RestoreStatus status(boolean stopped, @Nullable RuntimeException failed) {
        if (failed != null) {
            return RestoreStatus.FAILED;
        }
        if (early != null && (reported || !goingOn)) {
            return early;
        }
        if (!reported) {
            return stopped ? RestoreStatus.STOPPED : RestoreStatus.FAILED;
        }
        RestoreStatus told = tally().status(lacking(), RestoreOutcome.TRIED);
        return told == RestoreStatus.COMPLETE && !incidents.isEmpty() ? RestoreStatus.INCOMPLETE : told;
    }

    List<Incident> incidents() {
        return incidents;
    }

    @Nullable
    RestorePlan plan() {
        return plan;
    }

    @Nullable
    String recoveryLevel() {
        return recoveryLevel;
    }

    @Nullable
    String report() {
        return report;
    }
}
