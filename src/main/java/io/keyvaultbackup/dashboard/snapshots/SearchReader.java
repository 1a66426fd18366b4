package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.view.Cursor;
import io.keyvaultbackup.dashboard.view.DatabaseReads;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.StoreReads;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Looks for objects in the newest state of many vaults: of each in the run that the job database counted last, or else in the newest manifest. So much of it as one
 * request may take, and it says how far it came. Safe for use by many threads.
 */
public final class SearchReader {

    private static final int VAULTS = 200;

    /** Then the next page goes on: nobody waits longer. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    private final StoredCatalogue catalogue;
    private final StoreReads stores;
    private final DatabaseReads reads;
    private final ObjectReader objects;
    private final ObjectProvider<RunSummaries> runs;
    private final InstantSource clock;

    SearchReader(
            StoredCatalogue catalogue,
            StoreReads stores,
            DatabaseReads reads,
            ObjectReader objects,
            ObjectProvider<RunSummaries> runs,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.stores = stores;
        this.reads = reads;
        this.objects = objects;
        this.runs = runs;
        this.clock = clock;
    }

    /**
     * An object that was found, as that run or snapshot left it.
     *
     * @param inStore whether the store has the snapshot; of a run that the job database told of nobody has looked
     */
    public record Hit(VaultRow vault, SnapshotId snapshot, boolean inStore, LedgerObject object) {}

    /**
     * Where a page ended.
     *
     * @param path of the vault
     * @param object the last one of it that was shown; null if the vault is done with
     */
    public record Position(String path, @Nullable ObjectId object) {

        /** As a word in an address. */
        public String write() {
            return object == null ? path : path + "/" + object;
        }

        /**
         * The same, read.
         *
         * @param cursor null or empty for the first page
         * @throws IllegalArgumentException with a sentence for people, if no page gave that
         */
        public static @Nullable Position read(@Nullable String cursor) {
            if (cursor == null || cursor.isEmpty()) {
                return null;
            }
            int slash = cursor.indexOf('/');
            String path = slash < 0 ? cursor : cursor.substring(0, slash);
            Optional<ObjectId> object = slash < 0 ? Optional.empty() : Named.object(cursor.substring(slash + 1));
            if (VaultAddress.ofStoreName(path).isEmpty() || (slash >= 0 && object.isEmpty())) {
                throw new IllegalArgumentException("cursor: " + Cursor.ADVICE);
            }
            return new Position(path, object.orElse(null));
        }
    }

    /**
     * What was found.
     *
     * @param looked into how many vaults
     * @param all how many vaults there are to look into, on all pages
     * @param without the vaults that neither source tells of, by their names in addresses
     * @param tooLong whether it ended there since it had taken ten seconds
     * @param next behind which the next page begins; null if all is looked into
     */
    public record Found(
            List<Hit> hits,
            int looked,
            int all,
            List<String> without,
            boolean tooLong,
            @Nullable Position next) {

        public Found {
            hits = List.copyOf(hits);
            without = List.copyOf(without);
        }
    }

    /**
     * Looks.
     *
     * @param vaults those that whoever asks may see, by name
     */
    public Found search(List<VaultRow> vaults, ObjectFilter filter, @Nullable Position behind, int size) {
        List<Hit> hits = new ArrayList<>();
        List<String> without = new ArrayList<>();
        Turn turn = new Turn(filter);
        Instant end = clock.instant().plus(LONGEST);
        int looked = 0;
        @Nullable Position latest = behind;
        for (VaultRow vault : vaults) {
            if (!isAhead(vault, behind)) {
                continue;
            }
            boolean tooLong = looked > 0 && !clock.instant().isBefore(end);
            if (tooLong || looked == VAULTS || hits.size() == size) {
                return new Found(hits, looked, vaults.size(), without, tooLong, latest);
            }
            @Nullable ObjectId from = behind != null && behind.path().equals(vault.path()) ? behind.object() : null;
            @Nullable Looked found = turn.look(vault, from, size - hits.size());
            if (found == null) {
                return new Found(hits, looked, vaults.size(), without, false, latest);
            }
            looked++;
            if (found.snapshot() == null) {
                without.add(vault.path());
            } else {
                SnapshotId snapshot = found.snapshot();
                found.page().objects().forEach(object -> hits.add(new Hit(vault, snapshot, found.inStore(), object)));
            }
            latest = new Position(vault.path(), found.page().next());
            if (found.page().next() != null) {
                return new Found(hits, looked, vaults.size(), without, false, latest);
            }
        }
        return new Found(hits, looked, vaults.size(), without, false, null);
    }

    private static boolean isAhead(VaultRow vault, @Nullable Position behind) {
        int order = behind == null ? 1 : vault.path().compareTo(behind.path());
        return order > 0 || (order == 0 && behind != null && behind.object() != null);
    }

    /** @param snapshot null if nothing tells of the vault */
    private record Looked(@Nullable SnapshotId snapshot, boolean inStore, ObjectReader.Page page) {

        static final Looked NOTHING = new Looked(null, false, new ObjectReader.Page(List.of(), null));
    }

    /** One request. For one thread. */
    private final class Turn {

        private final ObjectFilter filter;
        private final ReadingAllowance allowance = new ReadingAllowance(catalogue);
        private boolean storeIsSilent;
        private boolean databaseIsSilent;

        Turn(ObjectFilter filter) {
            this.filter = filter;
        }

        /** Null if another request has to: this one has read enough. */
        @Nullable
        Looked look(VaultRow vault, @Nullable ObjectId from, int size) {
            return inLedger(vault, from, size)
                    .orElseGet(() -> storeIsSilent ? Looked.NOTHING : inStore(vault, from, size));
        }

        private Optional<Looked> inLedger(VaultRow vault, @Nullable ObjectId from, int size) {
            VaultSummary.@Nullable Counted counted =
                    vault.summary() == null ? null : vault.summary().counted();
            if (counted == null || databaseIsSilent) {
                return Optional.empty();
            }
            Reading<Optional<Looked>> answer = reads.ask(() -> runs.getObject()
                    .find(counted.snapshot())
                    .filter(RunSummary::objectsKept)
                    .map(run ->
                            new Looked(run.snapshot(), false, objects.inLedger(run.snapshot(), filter, from, size))));
            databaseIsSilent = answer.gap() != null; // as with the store
            return answer.told().flatMap(Function.identity());
        }

        private @Nullable Looked inStore(VaultRow vault, @Nullable ObjectId from, int size) {
            Reading<Optional<Looked>> answer = stores.ask(store -> {
                Optional<StoredSnapshot> newest =
                        catalogue.of(vault.vault()).snapshots().stream().findFirst();
                if (newest.isEmpty()) {
                    return Optional.of(Looked.NOTHING);
                }
                ObjectReader.PageOf page = new ObjectReader.PageOf(filter, from, size);
                return allowance.read(newest.get().manifest(), page::wantsMoreThan)
                        ? Optional.of(new Looked(newest.get().id(), true, page.page()))
                        : Optional.empty();
            });
            if (answer instanceof Reading.Known<Optional<Looked>>(Optional<Looked> looked)) {
                return looked.orElse(null);
            }
            storeIsSilent = true; // the others are not waited for as well
            return Looked.NOTHING;
        }
    }
}
