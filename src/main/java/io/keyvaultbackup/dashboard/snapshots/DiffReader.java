package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.StoreReads;
import io.keyvaultbackup.snapshot.Difference;
import io.keyvaultbackup.snapshot.Differences;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.Arrays;
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
     * @param unknown what is wrong, in a sentence
     */
    public record Pair(@Nullable Diff diff, @Nullable String unknown) {}

    /**
     * What is to be compared.
     *
     * @param only what became of the objects that are shown; null for all
     * @param offset how many of these come before the page
     */
    public record Question(
            SnapshotReference first, SnapshotReference second, Difference.@Nullable Change only, long offset) {

        /**
         * What an address says.
         *
         * @throws IllegalArgumentException with a sentence for people
         */
        public static Question of(String from, String to, String change, String offset) {
            Difference.Change only = change.isEmpty()
                    ? null
                    : Arrays.stream(Difference.Change.values())
                            .filter(one -> one.name().equalsIgnoreCase(change))
                            .findFirst()
                            .orElseThrow(
                                    () -> new IllegalArgumentException("change: it is one of added, removed, changed"));
            if (!offset.matches("\\d{0,9}")) {
                throw new IllegalArgumentException("offset: it is a number");
            }
            return new Question(
                    snapshot("from", from), snapshot("to", to), only, offset.isEmpty() ? 0 : Long.parseLong(offset));
        }

        private static SnapshotReference snapshot(String parameter, String given) {
            try {
                return SnapshotReference.parse(given);
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(parameter + ": " + wrong.getMessage(), wrong);
            }
        }
    }

    /** Compares them. */
    public Reading<Pair> diff(VaultAddress vault, Question question, int size) {
        return stores.ask(store -> {
            List<StoredSnapshot> all = catalogue.of(vault).snapshots();
            Optional<StoredSnapshot> before = one(question.first(), all);
            Optional<StoredSnapshot> after = one(question.second(), all);
            if (before.isEmpty() || after.isEmpty()) {
                return new Pair(
                        null,
                        "There is no snapshot " + (before.isEmpty() ? question.first() : question.second()) + " of "
                                + vault.storeName() + ", or more than one.");
            }
            oneAtATime.lock();
            try {
                return new Pair(compare(before.get(), after.get(), question, size), null);
            } finally {
                oneAtATime.unlock();
            }
        });
    }

    private static Optional<StoredSnapshot> one(SnapshotReference reference, List<StoredSnapshot> all) {
        List<StoredSnapshot> meant = reference.among(all);
        return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
    }

    private Diff compare(StoredSnapshot before, StoredSnapshot after, Question question, int size) {
        Map<Difference.Change, Long> counts = new EnumMap<>(Difference.Change.class);
        List<Difference> shown = new ArrayList<>();
        long[] fitting = {0};
        java.util.function.Consumer<Difference> taken = difference -> {
            counts.merge(difference.change(), 1L, Long::sum);
            if (question.only() == null || difference.change() == question.only()) {
                if (fitting[0]++ >= question.offset() && shown.size() < size) {
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
