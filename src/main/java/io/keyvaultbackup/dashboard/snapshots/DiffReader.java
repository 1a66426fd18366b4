package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.StoreReads;
import io.keyvaultbackup.snapshot.Difference;
import io.keyvaultbackup.snapshot.Differences;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Compares two snapshots of a vault. One pair at a time, as the state of every object of the first is held meanwhile. Safe for use by many threads. */
public final class DiffReader {

    private final StoredCatalogue catalogue;
    private final StoreReads stores;
    private final Lock oneAtATime = new ReentrantLock();

    DiffReader(StoredCatalogue catalogue, StoreReads stores) {
        this.catalogue = catalogue;
        this.stores = stores;
    }

    /**
     * What differs.
     *
     * @param counts of all differences, by what became of the object; those that there are none of are left out
     * @param shown those of the page
     * @param total how many there are of what is shown, on all pages
     */
    public record Diff(
            StoredSnapshot before,
            StoredSnapshot after,
            Map<Difference.Change, Long> counts,
            List<Difference> shown,
            long total) {

        public Diff {
            counts = Map.copyOf(counts);
            shown = List.copyOf(shown);
        }
    }

    /**
     * A pair of which one is not there, or not one alone.
     *
     * @param what is wrong, in a sentence
     */
    public record Pair(@Nullable Diff diff, @Nullable String unknown) {}

    /**
     * Compares them.
     *
     * @param only what became of the objects that are shown; null for all
     * @param from how many of these come before the page
     */
    public Reading<Pair> diff(
            VaultAddress vault,
            SnapshotReference first,
            SnapshotReference second,
            Difference.@Nullable Change only,
            long from,
            int size) {
        return stores.ask(store -> {
            List<StoredSnapshot> all = catalogue.of(vault).snapshots();
            Optional<StoredSnapshot> before = one(first, all);
            Optional<StoredSnapshot> after = one(second, all);
            if (before.isEmpty() || after.isEmpty()) {
                return new Pair(
                        null,
                        "There is no snapshot " + (before.isEmpty() ? first : second) + " of " + vault.storeName()
                                + ", or more than one.");
            }
            oneAtATime.lock();
            try {
                return new Pair(compare(before.get(), after.get(), only, from, size), null);
            } finally {
                oneAtATime.unlock();
            }
        });
    }

    private static Optional<StoredSnapshot> one(SnapshotReference reference, List<StoredSnapshot> all) {
        List<StoredSnapshot> meant = reference.among(all);
        return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
    }

    private Diff compare(
            StoredSnapshot before, StoredSnapshot after, Difference.@Nullable Change only, long from, int size) {
        Map<Difference.Change, Long> counts = new EnumMap<>(Difference.Change.class);
        List<Difference> shown = new ArrayList<>();
        long[] fitting = {0};
        java.util.function.Consumer<Difference> taken = difference -> {
            counts.merge(difference.change(), 1L, Long::sum);
            if (only == null || difference.change() == only) {
                if (fitting[0]++ >= from && shown.size() < size) {
                    shown.add(difference);
                }
            }
        };
        Differences differences = new Differences();
        catalogue.read(before.manifest(), object -> {
            differences.before(object);
            return true;
        });
        catalogue.read(after.manifest(), object -> {
            differences.after(object, taken);
            return true;
        });
        differences.end(taken);
        return new Diff(before, after, counts, shown, fitting[0]);
    }
}
