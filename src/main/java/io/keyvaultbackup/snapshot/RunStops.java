package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.ThisProcess;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The stops that operators have asked for, kept in the store beside the run, where every pod sees them: each is a note with the next number,
 * and so is the wish to go on. The one with the highest number counts. Nothing in the store is replaced. Safe for use by many threads, and
 * by many processes.
 */
public class RunStops {

    private static final int TRIES = 16;
    private static final int HIGHEST_NUMBER = 999_999_999;

    private final ObjectProvider<BackupStore> stores;
    private final InstantSource clock;
    private final Patience patience;

    RunStops(ObjectProvider<BackupStore> stores, InstantSource clock, Stopwatch stopwatch) {
        this.stores = stores;
        this.clock = clock;
        this.patience = new Patience(stopwatch);
    }

    /**
     * The stop that holds for a run: nobody has wanted it to go on since.
     *
     * @throws StoreException if the store did not tell
     */
    public Optional<StopNote> inForce(SnapshotNames names) {
        return newest(names).filter(StopNote::isStop);
    }

    /**
     * The same, for who only shows it: the store is asked once, however it answers.
     *
     * @throws StoreException if the store did not tell
     */
    public Optional<StopNote> seen(SnapshotNames names) {
        return newest(names, Supplier::get).filter(StopNote::isStop);
    }

    /**
     * Asks that a run be stopped, unless it is already.
     *
     * @return the stop that holds from now on, or did before
     * @throws StoreException if the store did not take it
     */
    public StopNote stop(SnapshotNames names, @Nullable String reason) {
        return add(
                names,
                true,
                number -> StopNote.stop(names, number, clock.instant().truncatedTo(ChronoUnit.SECONDS), by(), reason));
    }

    /**
     * Lets a run go on, if it is stopped. A stop that is asked for after this holds.
     *
     * @throws StoreException if the store did not take it
     */
    public void goOn(SnapshotNames names) {
        if (inForce(names).isPresent()) {
            add(
                    names,
                    false,
                    number -> StopNote.goOn(names, number, clock.instant().truncatedTo(ChronoUnit.SECONDS), by()));
        }
    }

    private StopNote add(SnapshotNames names, boolean stop, IntFunction<StopNote> wish) {
        for (int tried = 1; ; tried++) {
            Optional<StopNote> before = newest(names);
            if (before.isPresent() && before.get().isStop() == stop) {
                return before.get();
            }
            int number = 1 + before.map(StopNote::number).orElse(0);
            if (number > HIGHEST_NUMBER) {
                throw new RunRefusedException(
                        RunRefusedException.Cause.WRONG_USAGE,
                        "No number follows that of " + names.stop(HIGHEST_NUMBER)
                                + ", which this program has not written. Remove it, and find out who may write in the store.");
            }
            StopNote note = wish.apply(number);
            try {
                patience.call(
                        () -> stores.getObject().put(names.stop(number), BlobContent.of(Notes.bytes(note)), Map.of()));
                return note;
            } catch (StoreException taken) { // somebody else was quicker
                if (taken.failure().reason() != FailureReason.STORE_CONFLICT || tried == TRIES) {
                    throw taken;
                }
            }
        }
    }

    private interface Asking {
        <T> T ask(Supplier<T> what);
    }

    private Optional<StopNote> newest(SnapshotNames names) {
        return newest(names, patience::call);
    }

    private Optional<StopNote> newest(SnapshotNames names, Asking asking) {
        BackupStore store = stores.getObject();
        int number = asking.ask(() -> {
            try (Stream<StoredBlob> blobs = store.listNames(names.stops())) {
                return blobs.mapToInt(blob -> names.numberOfStop(blob.name()))
                        .max()
                        .orElse(0);
            }
        });
        return number == 0 ? Optional.empty() : Optional.of(read(store, names, number, asking));
    }

    private static StopNote read(BackupStore store, SnapshotNames names, int number, Asking asking) {
        try {
            StopNote note = asking.ask(() -> Notes.read(store, names.stop(number), StopNote.class));
            return note.isOf(names, number)
                    ? note
                    : StopNote.unreadable(names, number, "is of another run, or of a newer version of this program");
        } catch (Notes.UnreadableNoteException damaged) {
            return StopNote.unreadable(names, number, String.valueOf(damaged.getMessage()));
        }
    }

    private static String by() {
        return ThisProcess.user();
    }
}
