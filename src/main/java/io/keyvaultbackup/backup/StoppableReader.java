package io.keyvaultbackup.backup;

import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.run.StopSignal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Reads a stage until it is asked to stop. Then no new work is begun, what is under way has a while to end, and the step ends as
 * stopped: with the reader's null alone Spring Batch would take it for complete and go on to the next step.
 */
final class StoppableReader<T> implements ItemStreamReader<T>, StepExecutionListener {

    /** Of the 20 s that a stop may take; the rest is for the last transaction and the end of the process. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Stage<T> stage;
    private final StopSignal stop;
    private final Executor afterPatience;
    private @Nullable StepExecution step;

    StoppableReader(Stage<T> stage, StopSignal stop) {
        this(stage, stop, CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
    }

    /** @param afterPatience runs what it is given once calls under way have had their time */
    StoppableReader(Stage<T> stage, StopSignal stop, Executor afterPatience) {
        this.stage = stage;
        this.stop = stop;
        this.afterPatience = afterPatience;
    }

    @Override
    public void beforeStep(StepExecution execution) {
        step = execution;
    }

    @Override
    public void open(ExecutionContext context) {
        stage.open(context);
        stop.onGiven(() -> {
            stage.stop();
            afterPatience.execute(stage::abandon);
        });
    }

    @Override
    public @Nullable T read() throws Exception {
        T next = stage.read();
        if (next == null && stop.isGiven()) {
            Objects.requireNonNull(step, "beforeStep comes first").setTerminateOnly();
        }
        return next;
    }

    @Override
    public void close() {
        stage.close();
    }
}
