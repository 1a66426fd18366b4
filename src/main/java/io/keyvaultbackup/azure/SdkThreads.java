package io.keyvaultbackup.azure;

import com.azure.core.util.SharedExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which the SDK reads answers and asks for tokens, as many as there are of both: its own are ten for each core, for all vaults of
 * the process. Who asks for a token holds one of these while its answer waits for another, so that twenty who asked at once on two cores
 * had no answer until each had timed out; and twenty answers that begin and do not go on had kept those of every other vault from being read.
 */
final class SdkThreads extends ScheduledThreadPoolExecutor {

    private static final SdkThreads SHARED = new SdkThreads();

    private SdkThreads() {
        super(1, Thread.ofPlatform().daemon().name("sdk-timer").factory());
        setRemoveOnCancelPolicy(true); // a time-out that is over holds what was read
    }

    /** From now on, in the whole process. */
    static void use() {
        SharedExecutorService.getInstance().setExecutorService(SHARED);
    }

    @Override
    public void execute(Runnable command) {
        Thread.ofVirtual().name("sdk").start(command);
    }

    @Override
    public Future<?> submit(Runnable task) {
        return begun(new FutureTask<>(task, Boolean.TRUE));
    }

    @Override
    public <T> Future<T> submit(Runnable task, T result) {
        return begun(new FutureTask<>(task, result));
    }

    @Override
    public <T> Future<T> submit(Callable<T> task) {
        return begun(new FutureTask<>(task));
    }

    private <T> Future<T> begun(FutureTask<T> task) {
        execute(task);
        return task;
    }

    /** What a time-out sets off must not keep the next one waiting. */
    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return super.schedule(() -> execute(command), delay, unit);
    }
}
