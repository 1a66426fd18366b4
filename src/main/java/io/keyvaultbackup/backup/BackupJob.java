package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.ledger.PendingObject;
import io.keyvaultbackup.ledger.PlannedObject;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.pipeline.StoppableReader;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.run.StopSignal;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.transaction.PlatformTransactionManager;

/** Builds the job of one execution of one run: inventory, backup, seal. Every step takes its work from the ledger and may run again. */
final class BackupJob {

    static final String NAME = "backup";

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final ObjectLedger ledger;
    private final BackupProperties properties;
    private final BackupMeters meters;

    BackupJob(
            JobRepository repository,
            PlatformTransactionManager transactions,
            ObjectLedger ledger,
            BackupProperties properties,
            BackupMeters meters) {
        this.repository = repository;
        this.transactions = transactions;
        this.ledger = ledger;
        this.properties = properties;
        this.meters = meters;
    }

    Job build(
            RunRequest request,
            int execution,
            Inventory inventory,
            ObjectBackup objectBackup,
            Seal seal,
            RunMonitor monitor,
            StopSignal stop,
            StopSignal timeUp,
            Runnable begin) {
        SnapshotId snapshot = request.snapshot();
        Step sealing = new StepBuilder("seal", repository)
                .tasklet(seal, transactions)
                .allowStartIfComplete(true)
                .build();
        return new JobBuilder(NAME, repository)
                .listener(new IncompleteRunsCanBeRestarted(snapshot, begin))
                .start(inventoryStep(request, execution, inventory, monitor, stop, timeUp))
                .next(backupStep(request, execution, objectBackup, monitor, stop, timeUp))
                .next(sealing)
                .on(Seal.INCOMPLETE)
                .fail()
                .from(sealing)
                .on(ExitStatus.FAILED.getExitCode())
                .fail()
                .from(sealing)
                .on("*")
                .end()
                .end()
                .build();
    }

    private Step inventoryStep(
            RunRequest request,
            int execution,
            Inventory inventory,
            RunMonitor monitor,
            StopSignal stop,
            StopSignal timeUp) {
        SnapshotId snapshot = request.snapshot();
        StoppableReader<PlannedObject> reader = new StoppableReader<>(
                inventory.read(request.selection().kinds()),
                stop,
                timeUp,
                () -> inventory.listings().forEach(listing -> ledger.listed(snapshot, listing)));
        return new StepBuilder("inventory", repository)
                .<PlannedObject, PlannedObject>chunk(properties.chunk())
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .processor(listed -> Inventory.plan(listed, request.selection()))
                .writer(chunk -> ledger.plan(snapshot, execution, chunk.getItems()))
                .listener(new StepExecutionListener() {
                    @Override
                    public void beforeStep(StepExecution step) {
                        monitor.enter(RunMonitor.Phase.INVENTORY);
                    }
                })
                .allowStartIfComplete(true)
                .build();
    }

    private Step backupStep(
            RunRequest request,
            int execution,
            ObjectBackup objectBackup,
            RunMonitor monitor,
            StopSignal stop,
            StopSignal timeUp) {
        SnapshotId snapshot = request.snapshot();
        Stage<ObjectResult> stage = Stage.<PendingObject, ObjectResult>workAhead(
                "backup", properties.threads(), new PendingObjects(ledger, snapshot), objectBackup::backUp);
        StoppableReader<ObjectResult> reader = new StoppableReader<>(stage, stop, timeUp, () -> {});
        return new StepBuilder("backup", repository)
                .<ObjectResult, ObjectResult>chunk(properties.chunk())
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .processor(result -> {
                    monitor.finished(result.outcome());
                    return result;
                })
                .writer(chunk -> {
                    ledger.record(snapshot, execution, chunk.getItems());
                    meters.recorded(request.vault(), chunk.getItems());
                })
                .listener(new StepExecutionListener() {
                    @Override
                    public void beforeStep(StepExecution step) {
                        monitor.planned(ledger.countPending(snapshot));
                        monitor.enter(RunMonitor.Phase.BACKUP);
                    }
                })
                .allowStartIfComplete(true)
                .build();
    }

    /** Notes the execution in the ledger once it is sure to begin, turns what failed into pending before a restart, and gives an incomplete run the exit status that says so. */
    private final class IncompleteRunsCanBeRestarted implements JobExecutionListener {

        private final SnapshotId snapshot;
        private final Runnable begin;

        IncompleteRunsCanBeRestarted(SnapshotId snapshot, Runnable begin) {
            this.snapshot = snapshot;
            this.begin = begin;
        }

        @Override
        public void beforeJob(JobExecution execution) {
            begin.run();
            ledger.retryFailed(snapshot);
        }

        @Override
        public void afterJob(JobExecution execution) {
            boolean incomplete = execution.getStepExecutions().stream()
                    .anyMatch(step -> step.getExitStatus().getExitCode().equals(Seal.INCOMPLETE));
            if (incomplete) {
                execution.setExitStatus(new ExitStatus(Seal.INCOMPLETE, "not every object is done"));
            }
        }
    }
}
