package io.keyvaultbackup.pipeline;

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
 * Reads a stage until it is asked to stop, or time is up. Then no new work is begun and what is under way has a while to end. Asked to
 * stop, the step ends as stopped: with the reader's null alone Spring Batch would take it for complete and go on to the next step, which
 * is what it shall do when time is up.
 */
public final class StoppableReader<T> implements ItemStreamReader<T>, StepExecutionListener {

    /** Of the 20 s that a stop may take; the rest is for the last transaction and the end of the process. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Stage<T> stage;
    private final StopSignal stop;
    private final StopSignal timeUp;
    private final Runnable allRead;
    private final Executor afterPatience;
    private @Nullable StepExecution step;

    /**
     * @param timeUp ends the reading early, as if there were no more
     * @param allRead run once when there is no more to read and no stop was given, in the transaction that its last items are written in
     */
    public StoppableReader(Stage<T> stage, StopSignal stop, StopSignal timeUp, Runnable allRead) {
        this(
                stage,
                stop,
                timeUp,
                allRead,
                CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
    }

    /** @param afterPatience runs what it is given once calls under way have had their time */
    StoppableReader(Stage<T> stage, StopSignal stop, StopSignal timeUp, Runnable allRead, Executor afterPatience) {
        this.stage = stage;
        this.stop = stop;
        this.timeUp = timeUp;
        this.allRead = allRead;
        this.afterPatience = afterPatience;
    }

    @Override
    public void beforeStep(StepExecution execution) {
        step = execution;
    }

    @Override
    public void open(ExecutionContext context) {
        stop.onGiven(this::endSoon);
        timeUp.onGiven(this::endSoon);
        stage.open(context);
    }

    private void endSoon() {
        stage.stop();
        afterPatience.execute(stage::abandon);
    }

    @Override
    public @Nullable T read() throws Exception {
        T next = stage.read();
        if (next == null) {
            if (stop.isGiven()) {
                Objects.requireNonNull(step, "beforeStep comes first").setTerminateOnly();
            } else {
                allRead.run();
            }
        }
        return next;
    }

    @Override
    public void close() {
        stage.close();
    }
}
