package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.DatabaseFailure;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the job database, and has an answer within a few seconds, or says why there is none. Safe for use by many threads. */
public final class DatabaseReads {

    /** A page that comes later is none that anybody waits for. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseReads.class);

    private final ExecutorService threads;

    DatabaseReads(ExecutorService threads) {
        this.threads = threads;
    }

    /** @param question may throw whatever a database throws */
    public <T> Reading<T> ask(Supplier<T> question) {
        return Limited.ask(threads, LIMIT, () -> read(question), DatabaseReads::silent);
    }

    static <T> Reading<T> silent() {
        return Reading.missing(
                "The job database has not answered for " + LIMIT.toSeconds() + " seconds.",
                "Check that it runs, and host and port in spring.datasource.url, from where this runs.");
    }

    /** In the thread of whoever calls, however long it takes. */
    public static <T> Reading<T> read(Supplier<T> question) {
        try {
            return Reading.known(question.get());
        } catch (RuntimeException failed) {
            DatabaseFailure failure = DatabaseFailure.of(failed).orElseThrow(() -> failed);
            LOG.debug("the job database", failed);
            return Reading.missing(failure.what(), failure.advice());
        }
    }
}
