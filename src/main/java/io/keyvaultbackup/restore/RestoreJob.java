package io.keyvaultbackup.restore;

import io.keyvaultbackup.recovery.RestorePlan;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.store.LeaseLostException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.FlowBuilder;
import org.springframework.batch.core.job.builder.FlowJobBuilder;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.step.Step;

/** The job of one execution of a restore: plan, compare, approve, then certificates, keys and secrets, then the proof and its report. */
final class RestoreJob {

    private static final String NAME = "restore";
    private static final ExitStatus NOT_APPROVED = new ExitStatus("NOT_APPROVED");
    static final List<ObjectKind> ORDER = List.of(ObjectKind.CERTIFICATE, ObjectKind.KEY, ObjectKind.SECRET);

    private final RestoreParts parts;
    private final String id;
    private final int number;
    private final RestoreRequest request;
    private final RestoreExecution execution;
    private final Predicate<RestorePlan> approval;
    private final Instant startedAt;
    private final List<Incident> incidents = new ArrayList<>();
    private @Nullable RestorePlan plan;
    private @Nullable RestoreStatus early;
    private @Nullable String report;
    private boolean reported;
    private boolean leaseLost;

    RestoreJob(
            RestoreParts parts,
            String id,
            int number,
            RestoreRequest request,
            RestoreExecution execution,
            Predicate<RestorePlan> approval,
            Instant startedAt) {
        this.parts = parts;
        this.id = id;
        this.number = number;
        this.request = request;
        this.execution = execution;
        this.approval = approval;
        this.startedAt = startedAt;
    }

    private Job build() {
        RestoreWork work = execution.work();
        RestoreSteps steps = execution.steps();
        ObjectRestore objects = execution.objectRestore();
        Set<ObjectKind> all = EnumSet.allOf(ObjectKind.class);
        Set<RestoreOutcome> toProve = EnumSet.copyOf(RestoreOutcome.IN_PLACE);
        toProve.add(RestoreOutcome.CONFLICT);
        Step approve = steps.alone("approve", RunMonitor.Phase.COMPARE, this::approve);
        FlowBuilder<FlowJobBuilder> flow = new JobBuilder(NAME, parts.repository())
                .flow(steps.once("plan", RunMonitor.Phase.PLAN, work::plan))
                .next(steps.each(
                        "compare", RunMonitor.Phase.COMPARE, Set.of(RestoreOutcome.TO_COMPARE), all, work::judge))
                .next(approve);
        flow.on(NOT_APPROVED.getExitCode()).end();
        flow.from(approve).on(ExitStatus.FAILED.getExitCode()).fail();
        @Nullable Step before = null;
        for (ObjectKind kind : ORDER) {
            Step restore = steps.each(
                    kind.collection(), RunMonitor.Phase.RESTORE, RestoreOutcome.TO_DO, Set.of(kind), objects::restore);
            if (before == null) {
                flow.from(approve).on(ExitStatus.COMPLETED.getExitCode()).to(restore);
            } else {
                flow.from(before).next(restore);
            }
            before = restore;
        }
        flow.next(steps.once(
                        "parts", RunMonitor.Phase.PROVE, () -> parts.ledger().followCertificates(id)))
                .next(steps.alone("survey", RunMonitor.Phase.PLAN, () -> {
                    work.survey();
                    return ExitStatus.COMPLETED;
                }))
                .next(steps.each("prove", RunMonitor.Phase.PROVE, toProve, all, work::prove))
                .next(steps.alone("report", RunMonitor.Phase.PROVE, this::writeReport));
        return flow.end().build();
    }

    /** Runs it; what made it fail, or null. */
    @Nullable
    RuntimeException run(RestoreExecution with) {
        JobExecution ended = with.run(build());
        return RestoreExecution.failureOf(ended);
    }

    private ExitStatus approve() {
        RestorePlan made = execution.work().summary();
        plan = made;
        if (request.onConflict() == RestoreRequest.OnConflict.FAIL && made.inTheWay() > 0) {
            early = RestoreStatus.BLOCKED;
            return NOT_APPROVED;
        }
        if (request.onConflict() == RestoreRequest.OnConflict.FAIL && made.count(RestoreOutcome.FAILED) > 0) {
            early = RestoreStatus.INCOMPLETE; // whether these are in the way is not known
            return NOT_APPROVED;
        }
        if (made.toDo() > 0 && !approval.test(made)) {
            early = RestoreStatus.DECLINED;
            return NOT_APPROVED;
        }
        // what is there from now on is no drill's, whatever one that died had restored
        new DrillLists(parts.stores().getObject(), execution.patience())
                .close(request.snapshot().vault(), request.target());
        return ExitStatus.COMPLETED;
    }

    private ExitStatus writeReport() {
        Tally tally = tally();
        RestoreReport.Head head = new RestoreReport.Head(
                "restore",
                id,
                number,
                request,
                execution.work().manifestSha256(),
                tally.status(execution.work().notInSnapshot(), RestoreOutcome.IN_PLACE),
                startedAt,
                parts.clock().instant(),
                tally.counts(),
                tally.deviating(),
                execution.work().notInSnapshot(),
                Map.of());
        report = execution.report(
                head,
                request.snapshot().vault() + "/reports/" + request.snapshot().id() + ".restore." + id + "." + number,
                incidents);
        reported = true;
        return ExitStatus.COMPLETED;
    }

    Tally tally() {
        return new Tally(parts.ledger(), id);
    }

    void lost(LeaseLostException why) {
        leaseLost = true;
        incidents.add(new Incident(
                "the restore itself", Failure.of(FailureReason.LEASE_LOST, String.valueOf(why.getMessage()))));
    }

    RestoreStatus status(boolean stopped, @Nullable RuntimeException failed) {
        if (failed != null || leaseLost) {
            return RestoreStatus.FAILED;
        }
        if (early != null) {
            return early;
        }
        if (!reported) {
            return stopped ? RestoreStatus.STOPPED : RestoreStatus.FAILED;
        }
        RestoreStatus told = tally().status(execution.work().notInSnapshot(), RestoreOutcome.IN_PLACE);
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
    String report() {
        return report;
    }
}
