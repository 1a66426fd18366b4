package io.keyvaultbackup.restore;

import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.PacedRestoreTarget;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pipeline.LeftExecution;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.Vault;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import tools.jackson.core.exc.JacksonIOException;

/** One execution of a restore or a drill: the vault opened and paced, its work, and the job that is made of it. */
final class RestoreExecution {

    private static final String REPORT = "report of the restore";

    private final RestoreParts parts;
    private final String id;
    private final RestoreRequest request;
    private final RunMonitor monitor;
    private final Pacer pacer;
    private final Patience patience;
    private final Vault vault;
    private final RestoreTarget target;
    private final RestoreWork work;
    private final StopSignal stop;

    RestoreExecution(
            RestoreParts parts,
            String id,
            RestoreRequest request,
            Predicate<ObjectId> chosen,
            RunMonitor monitor,
            StopSignal stop) {
        this.parts = parts;
        this.id = id;
        this.request = request;
        this.monitor = monitor;
        this.pacer = new Pacer(Budget.parse(parts.properties().budget()), parts.stopwatch());
        this.patience = new Patience(parts.stopwatch());
        this.vault = new PacedVault(parts.vaults().open(request.target().uri()), pacer);
        this.target = new PacedRestoreTarget(
                parts.vaults().restoreTarget(request.target().uri()), pacer);
        this.work = new RestoreWork(
                id,
                request,
                parts,
                parts.copies(),
                parts.world(),
                vault,
                target,
                patience,
                new StoppableCalls(stop, parts.stopwatch()),
                monitor,
                chosen);
        this.stop = stop;
        monitor.watch(pacer::usage);
    }

    RestoreWork work() {
        return work;
    }

    RestoreSteps steps() {
        return new RestoreSteps(
                parts.repository(), parts.transactions(), parts.ledger(), parts.properties(), id, monitor, stop);
    }

    boolean isStopped() {
        return stop.isGiven();
    }

    Vault vault() {
        return vault;
    }

    Patience patience() {
        return patience;
    }

    Pacer pacer() {
        return pacer;
    }

    /** What brings one object into the target. */
    ObjectRestore objectRestore() {
        return new ObjectRestore(
                request.snapshot().vault(),
                parts.copies(),
                target,
                vault,
                patience,
                new MemoryBudget(parts.properties().memory().toBytes()),
                parts.stopwatch(),
                request.recoverDeleted());
    }

    /** Runs the job to its end; one that died before is continued. */
    JobExecution run(Job job) {
        JobParameters parameters =
                new JobParametersBuilder().addString("restore", id).toJobParameters();
        LeftExecution.recoverLast(job.getName(), parameters, parts.repository(), parts.clock())
                .ifPresent(last -> LeftExecution.reopen(last, parts.repository()));
        monitor.enter(RunMonitor.Phase.STARTING);
        try {
            return parts.operator().start(job, parameters);
        } catch (Exception failed) { // four checked ones, and whatever the job database throws
            throw new IllegalStateException("The restore could not be started: " + failed.getMessage(), failed);
        }
    }

    /** Stores the report of all objects, both of its forms; null and an incident where the store does not take it, or there is no room to draft it. */
    @Nullable
    String report(RestoreReport.Head head, String name, List<Incident> incidents) {
        work.forgetTheListing(); // nothing is compared any more, and an upload needs memory too
        try (RestoreReport report = new RestoreReport(head)) {
            parts.ledger().forEach(id, EnumSet.allOf(RestoreOutcome.class), report::add);
            report.end();
            BackupStore store = parts.stores().getObject();
            patience.call(() -> store.put(name + ".json", BlobContent.of(report.json()), Map.of()));
            patience.call(() -> store.put(name + ".txt", BlobContent.of(report.text()), Map.of()));
            return name + ".json";
        } catch (FailureException failed) {
            incidents.add(new Incident(REPORT, failed.failure()));
        } catch (IOException | JacksonIOException failed) {
            incidents.add(new Incident(
                    REPORT,
                    Failure.of(
                            FailureReason.STORE_UNAVAILABLE,
                            "it could not be drafted in " + System.getProperty("java.io.tmpdir") + ": "
                                    + failed.getMessage())));
        }
        return null;
    }

    /** What made a job fail, or null: in its own words where any of what was thrown has some. */
    static @Nullable RuntimeException failureOf(JobExecution ended) {
        List<Throwable> thrown = ended.getAllFailureExceptions();
        if (ended.getStatus() == BatchStatus.STOPPED || thrown.isEmpty()) {
            return null;
        }
        return thrown.stream()
                .map(RestoreExecution::understood)
                .filter(one -> one instanceof FailureException || one instanceof RunRefusedException)
                .findFirst()
                .orElseGet(() -> understood(thrown.getFirst()));
    }

    static RuntimeException understood(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException failed) {
                return failed;
            }
            if (cause instanceof RunRefusedException refused) {
                return refused;
            }
        }
        return new IllegalStateException("The restore failed: " + thrown.getMessage(), thrown);
    }

    static Failure failureOf(RuntimeException understood) {
        return understood instanceof FailureException failed
                ? failed.failure()
                : Failure.of(FailureReason.UNKNOWN, String.valueOf(understood.getMessage()));
    }
}
