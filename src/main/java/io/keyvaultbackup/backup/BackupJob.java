package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.ReusedCopies;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.StopSignal;
import io.micrometer.observation.ObservationRegistry;
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
 * Builds the job of one execution of one run: inventory, reuse (unless it is full), backup, then closing and settle, and backup again where something moved, as often as
 * there are rounds; at last seal.
 */
final class BackupJob {

    static final String NAME = "backup";

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final ObjectLedger ledger;
    private final ReusedCopies reused;
    private final BackupProperties properties;
    private final BackupMeters meters;
    private final ObservationRegistry observations;

    BackupJob(
            JobRepository repository,
            PlatformTransactionManager transactions,
            ObjectLedger ledger,
            ReusedCopies reused,
            BackupProperties properties,
            BackupMeters meters,
            ObservationRegistry observations) {
        this.repository = repository;
        this.transactions = transactions;
        this.ledger = ledger;
        this.reused = reused;
        this.properties = properties;
        this.meters = meters;
        this.observations = observations;
    }

    Job build(
            RunRequest request,
            int execution,
            Inventory inventory,
            Reusing reusing,
            ObjectBackup objectBackup,
            Settling settling,
            Seal seal,
            RunMonitor monitor,
            StopSignal stop,
            StopSignal timeUp,
            Runnable begin) {
        BackupSteps steps = new BackupSteps(
                repository,
                transactions,
                ledger,
                properties,
                meters,
                observations,
                request,
                execution,
                monitor,
                stop,
                timeUp);
        Step sealing = steps.seal(seal);
        FlowBuilder<FlowJobBuilder> flow = new JobBuilder(NAME, repository)
                .observationRegistry(observations)
                .listener(new IncompleteRunsCanBeRestarted(request, execution, begin))
                .flow(steps.inventory(inventory));
        if (!request.full()) {
            flow.next(steps.reuse(reusing));
        }
        flow.next(steps.backup(objectBackup, 1));
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

        private final RunRequest request;
        private final int number;
        private final Runnable begin;

        IncompleteRunsCanBeRestarted(RunRequest request, int number, Runnable begin) {
            this.request = request;
            this.number = number;
            this.begin = begin;
        }

        @Override
        public void beforeJob(JobExecution execution) {
            begin.run();
            ledger.retryFailed(request.snapshot());
            if (request.full()) {
                reused.copyAllAnew(request.snapshot(), number);
            }
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
