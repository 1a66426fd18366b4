package io.keyvaultbackup.pipeline;

import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.StopSignal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The calls that a run makes beside its stages, before it has its lease and while it is sealed. Once a stop is given none is begun, and
 * one under way has as long to end as those of the stages; then it is left to itself, uninterrupted: H2 closes the database of a
 * thread that is interrupted.
 */
public final class StoppableCalls {

    private final StopSignal stop;
    private final Runnable patience;
    private final boolean breakOff;

    public StoppableCalls(StopSignal stop, Stopwatch stopwatch) {
        this(
                stop,
                () -> {
                    try {
                        stopwatch.sleep(StoppableReader.PATIENCE);
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                },
                false);
    }

    private StoppableCalls(StopSignal stop, Runnable patience, boolean breakOff) {
        this.stop = stop;
        this.patience = patience;
        this.breakOff = breakOff;
    }

    /**
     * Calls of which nothing is lost if they do not come to their end: one that is under way when a stop is given is interrupted, with whatever it waits
     * for. Not for what uses the job database.
     */
    public static StoppableCalls thatMayBreakOff(StopSignal stop) {
        return new StoppableCalls(stop, () -> {}, true);
    }

    /**
     * What the call gives, or throws; it is made by another thread, so that the transaction of this one is not its own.
     *
     * @throws StoppedException if a stop was given before it began, or it did not end in time
     */
    public <T> T call(Supplier<T> what) {
        return call(what, late -> {});
    }

    /**
     * The same.
     *
     * @param late is handed what comes when nobody waits for it any more, and gives it back
     */
    <T> T call(Supplier<T> what, Consumer<T> late) {
        requireNoStop();
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().name("call").start(Carried.over(() -> {
            try {
                T given = what.get();
                if (!result.complete(given)) {
                    late.accept(given);
                }
            } catch (Throwable failed) { // an Error must reach the caller too, or it would wait for ever
                result.completeExceptionally(failed);
            }
        }));
        Runnable hearNoMore = stop.onGiven(() -> Thread.ofVirtual().name("stop").start(() -> {
            patience.run();
            result.completeExceptionally(new StoppedException());
            if (breakOff) { // after that, or what it makes of the interruption would be the answer
                caller.interrupt();
            }
        }));
        try {
            return result.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException own ? own : failed;
        } finally {
            hearNoMore.run();
        }
    }

    /** @throws StoppedException if a stop was given */
    public void requireNoStop() {
        if (stop.isGiven()) {
            throw new StoppedException();
        }
    }
}
