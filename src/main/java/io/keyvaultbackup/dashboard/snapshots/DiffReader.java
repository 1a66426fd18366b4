package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.StoreReads;
import io.keyvaultbackup.snapshot.Difference;
import io.keyvaultbackup.snapshot.Differences;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.snapshot.StoredManifest;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares two snapshots of a vault. One pair at a time, as the state of every object of the first is held meanwhile; the latest comparisons are kept, so that one
 * that takes longer than anybody waits is there for whoever asks again. Safe for use by many threads.
 */
public final class DiffReader {

    /** So many differences of one comparison are kept, and of all that are kept together. */
    private static final int MOST_KEPT = 10_000;

    private static final long ALL_KEPT = 50_000;

    private static final String GOES_ON =
            "Try again in a minute: a comparison goes on, and is kept. 'keyvault-backup diff' compares on the command line.";

    private final StoredCatalogue catalogue;
    private final StoreReads stores;
    private final Lock oneAtATime = new ReentrantLock();
    private final Lately<Compared, Comparison> comparisons = new Lately<>(ALL_KEPT, Comparison::weight);

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

        boolean wants(Difference difference) {
            return only == null || difference.change() == only;
        }

        /**
         * What an address says.
         *
         * @throws IllegalArgumentException with a sentence for people
         */
        public static Question of(String from, String to, String change, long offset) {
            Difference.Change only = change.isEmpty()
                    ? null
                    : Arrays.stream(Difference.Change.values())
                            .filter(one -> one.name().equalsIgnoreCase(change))
                            .findFirst()
                            .orElseThrow(
                                    () -> new IllegalArgumentException("change: it is one of added, removed, changed"));
            return new Question(snapshot("from", from), snapshot("to", to), only, offset);
        }

        private static SnapshotReference snapshot(String parameter, String given) {
            try {
                return SnapshotReference.parse(given);
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(parameter + ": " + wrong.getMessage(), wrong);
            }
        }
    }

    /** What was compared: a snapshot may get another manifest. */
    private record Compared(StoredManifest before, StoredManifest after) {}

    private record Page(Map<Difference.Change, Long> counts, List<Difference> shown, long total) {}

    /** @param first as many as are kept, in the order in which they were found */
    private record Comparison(Map<Difference.Change, Long> counts, List<Difference> first) {

        Comparison {
            counts = Map.copyOf(counts);
            first = List.copyOf(first);
        }

        long weight() {
            return 1L + first.size();
        }

        /** Empty if it is not among the first. */
        Optional<Page> page(Question question, int size) {
            List<Difference> shown = first.stream()
                    .filter(question::wants)
                    .skip(question.offset())
                    .limit(size)
                    .toList();
            long total = question.only() == null
                    ? counts.values().stream().mapToLong(Long::longValue).sum()
                    : counts.getOrDefault(question.only(), 0L);
            return shown.size() == Math.clamp(total - question.offset(), 0, size)
                    ? Optional.of(new Page(counts, shown, total))
                    : Optional.empty();
        }
    }

    /** Compares them, unless another comparison is being made. */
    public Reading<Pair> diff(VaultAddress vault, Question question, int size) {
        Reading<Optional<Pair>> answer = stores.ask(store -> pair(vault, question, size), GOES_ON);
        return switch (answer) {
            case Reading.Known<Optional<Pair>>(Optional<Pair> pair) ->
                pair.map(Reading::known).orElseGet(() -> Reading.missing("Another comparison is being made.", GOES_ON));
            case Reading.Missing<Optional<Pair>>(String why, String advice) -> Reading.missing(why, advice);
            case Reading.Awaited<Optional<Pair>> _ -> new Reading.Awaited<>();
        };
    }

    private Optional<Pair> pair(VaultAddress vault, Question question, int size) {
        List<StoredSnapshot> all = catalogue.of(vault).snapshots();
        Optional<StoredSnapshot> before = one(question.first(), all);
        Optional<StoredSnapshot> after = one(question.second(), all);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.of(new Pair(
                    null,
                    "There is no snapshot " + (before.isEmpty() ? question.first() : question.second()) + " of "
                            + vault.storeName() + ", or more than one."));
        }
        Compared compared = new Compared(before.get().manifest(), after.get().manifest());
        Optional<Page> kept = comparisons.find(compared).flatMap(known -> known.page(question, size));
        return kept.or(() -> ifNobodyCompares(compared, question, size))
                .map(page ->
                        new Pair(new Diff(before.get(), after.get(), page.counts(), page.shown(), page.total()), null));
    }

    /** Nobody waits for another here: there are few threads, and all else that is read of the store needs them. */
    private Optional<Page> ifNobodyCompares(Compared compared, Question question, int size) {
        if (!oneAtATime.tryLock()) {
            return Optional.empty();
        }
        try {
            return Optional.of(compare(compared, question, size));
        } finally {
            oneAtATime.unlock();
        }
    }

    private static Optional<StoredSnapshot> one(SnapshotReference reference, List<StoredSnapshot> all) {
        List<StoredSnapshot> meant = reference.among(all);
        return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
    }

    private Page compare(Compared compared, Question question, int size) {
        Map<Difference.Change, Long> counts = new EnumMap<>(Difference.Change.class);
        List<Difference> first = new ArrayList<>();
        List<Difference> shown = new ArrayList<>();
        long[] fitting = {0};
        Consumer<Difference> taken = difference -> {
            counts.merge(difference.change(), 1L, Long::sum);
            if (first.size() < MOST_KEPT) {
                first.add(difference);
            }
            if (question.wants(difference) && fitting[0]++ >= question.offset() && shown.size() < size) {
                shown.add(difference);
            }
        };
        Differences differences = new Differences();
        catalogue.read(compared.before(), object -> {
            differences.before(object);
            return true;
        });
        catalogue.read(compared.after(), object -> {
            differences.after(object, taken);
            return true;
        });
        differences.end(taken);
        comparisons.keep(compared, new Comparison(counts, first));
        return new Page(counts, shown, fitting[0]);
    }
}
