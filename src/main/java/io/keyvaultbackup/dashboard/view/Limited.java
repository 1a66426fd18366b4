package io.keyvaultbackup.dashboard.view;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Waits for an answer no longer than somebody looks at a page that does not come. Stateless. */
final class Limited {

    private Limited() {}

    /** @param silent what is said if there is none by then; whoever answers may go on, and what comes of it is let go */
    static <T> Reading<T> ask(
            ExecutorService threads, Duration limit, Supplier<Reading<T>> question, Supplier<Reading<T>> silent) {
        Future<Reading<T>> asked = threads.submit(question::get);
        try {
            return asked.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hangs) {
            asked.cancel(false);
            return silent.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return silent.get();
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        }
    }
}
