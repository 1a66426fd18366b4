package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.ReusedCopies;
import io.keyvaultbackup.pacing.Stopwatch;
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
import org.springframework.batch.core.job.flow.Flow;
import org.springframework.batch.core.job.flow.JobExecutionDecider;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Builds the job of one execution of one run: inventory, reuse (unless it is full), backup and closing, each when it is its turn ({@link Turns}); then
 * settle, and backup, closing and settle again where something moved, as often as there are rounds; at last seal.
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
    private final Stopwatch stopwatch;

    BackupJob(
            JobRepository repository,
            PlatformTransactionManager transactions,
            ObjectLedger ledger,
            ReusedCopies reused,
            BackupProperties properties,
            BackupMeters meters,
            ObservationRegistry observations,
            Stopwatch stopwatch) {
        this.repository = repository;
        this.transactions = transactions;
        this.ledger = ledger;
        this.reused = reused;
        this.properties = properties;
        this.meters = meters;
        this.observations = observations;
        this.stopwatch = stopwatch;
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
        SideBySide beside = new SideBySide(stopwatch, stop, timeUp);
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
                timeUp,
                beside);
        Turns turns = new Turns(beside, reusing, ledger, request.snapshot(), properties.overlapFrom());
        Trailing trailing = new Trailing(ledger, request.snapshot(), beside, properties.overlapFrom());
        Inventory followed = settling.inventory();
        Step sealing = steps.seal(seal);
        FlowBuilder<Flow> listing = new FlowBuilder<Flow>("listing").start(steps.inventory(inventory, request.full()));
        if (!request.full()) {
            listing.next(steps.reuse(reusing));
        }
        Flow copying = atItsTurn("copying", turns.copying(), steps.backup(objectBackup, settling, 1));
        Flow closing = atItsTurn("closing", turns.closing(), steps.closing(settling, followed, trailing));
        FlowBuilder<FlowJobBuilder> flow = new JobBuilder(NAME, repository)
                .observationRegistry(observations)
                .listener(new IncompleteRunsCanBeRestarted(request, execution, begin))
                .start(new FlowBuilder<Flow>("side by side")
                        .split(beside.threads())
                        .add(
                                settling.mostRounds() == 0
                                        ? new Flow[] {listing.build(), copying}
                                        : new Flow[] {listing.build(), copying, closing})
                        .build());
        for (int round = 1; round <= settling.mostRounds(); round++) {
            Step next = round < settling.mostRounds() ? steps.backup(objectBackup, settling, round + 1) : sealing;
            Inventory again = settling.inventory();
            Step settle = steps.settle(settling, again, round);
            Step listAgain = steps.closing(settling, again, round);
            if (round == 1) {
                Step first = steps.settle(settling, followed, trailing);
                flow.next(first).on(Settling.AGAIN).to(listAgain);
                after(flow, first, sealing, next);
                flow.from(listAgain).next(settle);
            } else {
                flow.next(listAgain).next(settle);
            }
            after(flow, settle, sealing, next);
        }
        if (settling.mostRounds() == 0) {
            flow.next(sealing);
        }
        flow.from(sealing).on(Seal.INCOMPLETE).fail();
        flow.from(sealing).on(ExitStatus.FAILED.getExitCode()).fail();
        flow.from(sealing).on("*").end();
        return flow.end().build();
    }

    private static Flow atItsTurn(String name, JobExecutionDecider turn, Step step) {
        FlowBuilder<Flow> flow = new FlowBuilder<>(name);
        flow.start(turn).on(Turns.BEGIN).to(step);
        flow.from(turn).on("*").end();
        return flow.build();
    }

    /** @param next where there is more to back up */
    private static void after(FlowBuilder<FlowJobBuilder> flow, Step settle, Step sealing, Step next) {
        flow.from(settle).on(ExitStatus.COMPLETED.getExitCode()).to(sealing);
        flow.from(settle).on(Settling.MOVING).to(next);
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
