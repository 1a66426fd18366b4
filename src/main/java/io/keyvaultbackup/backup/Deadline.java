package io.keyvaultbackup.backup;

import io.keyvaultbackup.run.StopSignal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Gives a signal when a run has had its time; measured by the machine's own clock, as whoever waits for the run does. */
final class Deadline implements AutoCloseable {

    private final StopSignal timeUp = new StopSignal();
    private final CompletableFuture<Void> timer;

    Deadline(Duration duration) {
        timer = CompletableFuture.runAsync(
                timeUp::give, CompletableFuture.delayedExecutor(duration.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Given once time is up. */
    StopSignal timeUp() {
        return timeUp;
    }

    @Override
    public void close() {
        timer.cancel(false);
    }
}
