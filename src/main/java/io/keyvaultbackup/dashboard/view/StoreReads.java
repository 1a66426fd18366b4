package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.snapshot.UnreadableManifestException;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.vault.FailureException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/** Asks the store, and has an answer within some seconds, or says why there is none. Safe for use by many threads. */
public final class StoreReads {

    /** A large manifest takes some; a page that comes later is none that anybody waits for. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final String AGAIN =
            "Try again in a minute: what has been read by then need not be read again. If it stays so,"
                    + " 'keyvault-backup doctor' says what is wrong.";

    private static final Logger LOG = LoggerFactory.getLogger(StoreReads.class);

    private final ObjectProvider<BackupStore> stores;
    private final ExecutorService threads;

    StoreReads(ObjectProvider<BackupStore> stores, ExecutorService threads) {
        this.stores = stores;
        this.threads = threads;
    }

    /** @param question may throw whatever a store throws */
    public <T> Reading<T> ask(Function<BackupStore, T> question) {
        return ask(question, AGAIN);
    }

    /**
     * The same.
     *
     * @param late what to do where there is no answer in time; the question is gone on with, and what comes of it let go
     */
    public <T> Reading<T> ask(Function<BackupStore, T> question, String late) {
        return Limited.ask(
                threads,
                LIMIT,
                () -> read(stores, question),
                () -> Reading.missing("The store has not answered for " + LIMIT.toSeconds() + " seconds.", late));
    }

    /** In the thread of whoever calls. */
    static <T> Reading<T> read(ObjectProvider<BackupStore> stores, Function<BackupStore, T> question) {
        BackupStore store;
        try {
            store = stores.getIfAvailable();
        } catch (
                RuntimeException
                        notMade) { // what was said to a connection string may be of that string, and is not told
            LOG.debug("the store", notMade);
            return Reading.missing(
                    "The store can not be used as it is configured.",
                    "'keyvault-backup doctor' says what is wrong with it.");
        }
        if (store == null) {
            return Reading.missing(
                    "No store is configured.",
                    "Give keyvault-backup.store.directory, .container-url or .connection-string, as the backups have it.");
        }
        try {
            return Reading.known(question.apply(store));
        } catch (UnreadableManifestException damaged) {
            return Reading.missing(
                    sentence(damaged.failure().describe()),
                    damaged.failure().reason().advice());
        } catch (FailureException failed) {
            return Reading.missing(
                    "The store did not answer: " + failed.failure().describe() + ".",
                    failed.failure().reason().advice());
        }
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }
}
