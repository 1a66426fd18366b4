package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.pipeline.StoppableReader;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Builds the steps of one execution of a restore. Every step may run again. */
final class RestoreSteps {

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final RestoreLedger ledger;
    private final RestoreProperties properties;
    private final String restore;
    private final RunMonitor monitor;
    private final StopSignal stop;

    RestoreSteps(
            JobRepository repository,
            PlatformTransactionManager transactions,
            RestoreLedger ledger,
            RestoreProperties properties,
            String restore,
            RunMonitor monitor,
            StopSignal stop) {
        this.repository = repository;
        this.transactions = transactions;
        this.ledger = ledger;
        this.properties = properties;
        this.restore = restore;
        this.monitor = monitor;
        this.stop = stop;
    }

    /** Treats each object that stands so when the step begins, many at a time, and records what became of it. */
    Step each(
            String name,
            RunMonitor.Phase phase,
            Collection<RestoreOutcome> outcomes,
            Collection<ObjectKind> kinds,
            Function<RestoreRow, RestoreRow> work) {
        return first(Long.MAX_VALUE, name, phase, outcomes, kinds, work);
    }

    /** The same with so many of them. */
    Step first(
            long most,
            String name,
            RunMonitor.Phase phase,
            Collection<RestoreOutcome> outcomes,
            Collection<ObjectKind> kinds,
            Function<RestoreRow, RestoreRow> work) {
        Stage<RestoreRow> stage = Stage.<RestoreRow, RestoreRow>workAhead(
                name, properties.threads(), new PlannedRows(ledger, restore, outcomes, kinds, most), work);
        StoppableReader<RestoreRow> reader = new StoppableReader<>(stage, stop, new StopSignal(), () -> {});
        return new StepBuilder(name, repository)
                .<RestoreRow, RestoreRow>chunk(properties.chunk())
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .processor(row -> {
                    monitor.finished(row.failure() == null ? Outcome.BACKED_UP : Outcome.FAILED);
                    return row;
                })
                .writer(chunk -> ledger.record(restore, chunk.getItems()))
                .listener(before(() -> {
                    monitor.planned(ledger.counts(restore, kinds).entrySet().stream()
                            .filter(count -> outcomes.contains(count.getKey()))
                            .mapToLong(count -> Math.min(most, count.getValue()))
                            .sum());
                    monitor.enter(phase);
                }))
                .allowStartIfComplete(true)
                .build();
    }

    /** Does this once, in a transaction. */
    Step once(String name, RunMonitor.Phase phase, Runnable work) {
        return tasklet(name, phase, transactions, () -> {
            work.run();
            return ExitStatus.COMPLETED;
        });
    }

    /** Does this once, outside of any transaction: it waits for people, or for a store. */
    Step alone(String name, RunMonitor.Phase phase, Supplier<ExitStatus> work) {
        return tasklet(name, phase, new ResourcelessTransactionManager(), work);
    }

    private Step tasklet(
            String name, RunMonitor.Phase phase, PlatformTransactionManager manager, Supplier<ExitStatus> work) {
        return new StepBuilder(name, repository)
                .tasklet(
                        (contribution, context) -> {
                            try {
                                if (!stop.isGiven()) {
                                    contribution.setExitStatus(work.get());
                                }
                            } catch (StoppedException stopped) {
                                // as if it had been stopped before
                            }
                            if (stop.isGiven()) {
                                contribution.getStepExecution().setTerminateOnly();
                            }
                            return RepeatStatus.FINISHED;
                        },
                        manager)
                .listener(before(() -> monitor.enter(phase)))
                .allowStartIfComplete(true)
                .build();
    }

    private static StepExecutionListener before(Runnable what) {
        return new StepExecutionListener() {
            @Override
            public void beforeStep(StepExecution step) {
                what.run();
            }
        };
    }
}
