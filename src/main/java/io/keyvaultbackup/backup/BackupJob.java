package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.run.StopSignal;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.FlowBuilder;
import org.springframework.batch.core.job.builder.FlowJobBuilder;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Builds the job of one execution of one run: inventory, backup, then closing and settle, and backup again where something moved, as often as
 * there are rounds; at last seal.
 */
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
            Settling settling,
            Seal seal,
            RunMonitor monitor,
            StopSignal stop,
            StopSignal timeUp,
            Runnable begin) {
        BackupSteps steps = new BackupSteps(
                repository, transactions, ledger, properties, meters, request, execution, monitor, stop, timeUp);
        Step sealing = steps.seal(seal);
        FlowBuilder<FlowJobBuilder> flow = new JobBuilder(NAME, repository)
                .listener(new IncompleteRunsCanBeRestarted(request.snapshot(), begin))
                .flow(steps.inventory(inventory))
                .next(steps.backup(objectBackup, 1));
        for (int round = 1; round <= settling.mostRounds(); round++) {
            Inventory again = settling.inventory();
            Step settle = steps.settle(settling, again, round);
            flow.next(steps.closing(settling, again, round)).next(settle);
            if (round < settling.mostRounds()) {
                flow.on(ExitStatus.COMPLETED.getExitCode()).to(sealing);
                flow.from(settle).on(Settling.MOVING).to(steps.backup(objectBackup, round + 1));
            }
        }
        flow.next(sealing).on(Seal.INCOMPLETE).fail();
        flow.from(sealing).on(ExitStatus.FAILED.getExitCode()).fail();
        flow.from(sealing).on("*").end();
        return flow.end().build();
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
