package io.keyvaultbackup.pipeline;

import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * What Spring Batch keeps of an execution that ended without its last word: its process died, or its database was away just then.
 * Spring Batch restarts nothing that is recorded as running, nor, ever again, what it calls UNKNOWN: it cannot know what the steps
 * have done. The ledger and the store do, and each step may run again, so all of that has simply failed.
 */
public final class LeftExecution {

    private LeftExecution() {}

    /**
     * The last execution of a job, recovered. Whoever calls this is sure that it has ended. Where the launch that made the job's instance did not come to make an
     * execution of it, the instance goes: Spring Batch would begin nothing of it, ever again (its issue 4763).
     */
    public static Optional<JobExecution> recoverLast(
            String job, JobParameters parameters, JobRepository repository, InstantSource clock) {
        @Nullable JobInstance instance = repository.getJobInstance(job, parameters);
        if (instance == null) {
            return Optional.empty();
        }
        if (repository.getJobExecutions(instance).isEmpty()) {
            repository.deleteJobInstance(instance);
            return Optional.empty();
        }
        @Nullable JobExecution last = repository.getLastJobExecution(instance);
        if (last != null) {
            recover(last, repository, clock);
        }
        return Optional.ofNullable(last);
    }

    private static void recover(JobExecution execution, JobRepository repository, InstantSource clock) {
        LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault());
        for (StepExecution step : execution.getStepExecutions()) {
            if (hasNoEnd(step.getStatus())) {
                step.setStatus(BatchStatus.FAILED);
                step.setEndTime(now);
                repository.update(step);
            }
        }
        if (hasNoEnd(execution.getStatus())) {
            execution.setStatus(BatchStatus.FAILED);
            execution.setEndTime(now);
            repository.update(execution);
        }
    }

    /** It completed here, but another database's execution came after it and did not: the job can be restarted again. */
    public static void reopen(JobExecution execution, JobRepository repository) {
        if (execution.getStatus() == BatchStatus.COMPLETED) {
            execution.setStatus(BatchStatus.FAILED);
            repository.update(execution);
        }
    }

    private static boolean hasNoEnd(BatchStatus status) {
        return status.isRunning() || status == BatchStatus.UNKNOWN;
    }
}
