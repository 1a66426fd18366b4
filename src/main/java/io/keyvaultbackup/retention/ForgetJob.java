package io.keyvaultbackup.retention;

import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.pipeline.StoppableReader;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.run.StopSignal;
import java.util.Optional;
import java.util.UUID;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;

/** The job that forgets: five steps, each launch a new one, since the store tells all that is left to do. */
final class ForgetJob {

    static final String NAME = "forget";

    private static final int CHUNK = 100;

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final JobOperator operator;
    private final RetentionProperties properties;

    ForgetJob(
            JobRepository repository,
            PlatformTransactionManager transactions,
            JobOperator operator,
            RetentionProperties properties) {
        this.repository = repository;
        this.transactions = transactions;
        this.operator = operator;
        this.properties = properties;
    }

    /** Runs it to its end, and gives what made it fail, if it did. */
    Optional<Throwable> run(String vault, Forgetting forgetting, StopSignal stop) {
        JobParameters parameters = new JobParametersBuilder()
                .addString("vault", vault)
                .addString("launch", UUID.randomUUID().toString())
                .toJobParameters();
        JobExecution ended;
        try {
            ended = operator.start(job(forgetting, stop), parameters);
        } catch (Exception failed) {
            throw new IllegalStateException("The job could not be started: " + failed.getMessage(), failed);
        }
        return stop.isGiven()
                ? Optional.empty() // which is among the failures, as Spring Batch has it
                : ended.getAllFailureExceptions().stream().findFirst();
    }

    private Job job(Forgetting forgetting, StopSignal stop) {
        return new JobBuilder(NAME, repository)
                .start(step("plan", forgetting::plan))
                .next(step("examine", forgetting::examine))
                .next(step("manifests", forgetting::removeManifests))
                .next(step("mark", forgetting::mark))
                .next(sweep(forgetting, stop))
                .build();
    }

    private Step step(String name, Runnable work) {
        return new StepBuilder(name, repository)
                .tasklet(
                        (contribution, context) -> {
                            try {
                                work.run();
                            } catch (StoppedException stopped) {
                                contribution.getStepExecution().setTerminateOnly();
                            }
                            return RepeatStatus.FINISHED;
                        },
                        transactions)
                .build();
    }

    private Step sweep(Forgetting forgetting, StopSignal stop) {
        Stage<Sweep.Unneeded> stage =
                Stage.workAhead("sweep", properties.threads(), forgetting::nextUnneeded, forgetting::remove);
        StoppableReader<Sweep.Unneeded> reader = new StoppableReader<>(stage, stop, new StopSignal(), () -> {});
        return new StepBuilder("sweep", repository)
                .<Sweep.Unneeded, Sweep.Unneeded>chunk(CHUNK)
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .writer(removed -> {}) // what is done is done in the store; Spring Batch counts it
                .build();
    }
}
