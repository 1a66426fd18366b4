package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.view.DatabaseReads;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.StoreReads;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.Difference;
import io.keyvaultbackup.snapshot.Differences;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Reads what became of one object from run to run. The job database tells of runs whose objects it has, of those too that made no snapshot; the manifests tell of the
 * others. Safe for use by many threads.
 */
public final class HistoryReader {

    /** So many runs of an object the job database is asked for. */
    private static final int RUNS = 1_000;

    private final StoredCatalogue catalogue;
    private final StoreReads stores;
    private final DatabaseReads reads;
    private final ObjectProvider<ObjectPages> pages;
    private final ObjectProvider<RunSummaries> runs;

    HistoryReader(
            StoredCatalogue catalogue,
            StoreReads stores,
            DatabaseReads reads,
            ObjectProvider<ObjectPages> pages,
            ObjectProvider<RunSummaries> runs) {
        this.catalogue = catalogue;
        this.stores = stores;
        this.reads = reads;
        this.pages = pages;
        this.runs = runs;
    }

    /** Whether the object was in a run. */
    public enum Presence {
        PRESENT,
        ABSENT,
        /** Nobody has looked: too much would have to be read for one page, or the source does not tell. */
        UNKNOWN
    }

    /**
     * The object in one run.
     *
     * @param object as the run left it; null unless it is present
     * @param changes what of its state is not as it was in the run before; null if there is none to compare it with
     */
    public record Entry(
            SnapshotId snapshot,
            boolean inStore,
            Presence presence,
            @Nullable LedgerObject object,
            @Nullable List<Difference.Field> changes) {}

    /** @param next behind which the next page begins; null if this is the last */
    public record Page(List<Entry> entries, @Nullable SnapshotId next, Reading<?> store, Reading<?> database) {

        public Page {
            entries = List.copyOf(entries);
        }

        public boolean anyPresent() {
            return entries.stream().anyMatch(entry -> entry.presence() == Presence.PRESENT);
        }
    }

    /** @param kept the runs whose objects the job database has, with the object where it is among them */
    private record Ledger(Map<SnapshotId, Entry> kept) {}

    /** @param behind the last run of the page before; null for the first */
    public Page history(VaultAddress vault, ObjectId id, @Nullable SnapshotId behind, int size) {
        Reading<Ledger> database = reads.ask(() -> ledger(vault, id, behind, size));
        Map<SnapshotId, Entry> known = database.told().map(Ledger::kept).orElse(Map.of());
        Reading<List<Entry>> store = stores.ask(asked -> merged(vault, id, behind, size, known));
        List<Entry> all = store.told().orElseGet(() -> sorted(known.values()));
        List<Entry> compared = compared(all);
        return new Page(
                compared.subList(0, Math.min(size, compared.size())),
                compared.size() > size ? compared.get(size - 1).snapshot() : null,
                store,
                database);
    }

    private Ledger ledger(VaultAddress vault, ObjectId id, @Nullable SnapshotId behind, int size) {
        Map<SnapshotId, Entry> entries = new HashMap<>();
        RunSummaries.@Nullable Position position = behind == null
                ? null
                : new RunSummaries.Position(behind.scheduledFor().orElseThrow(), behind);
        for (RunSummary run : runs.getObject().ofVault(vault, position, size + 1)) {
            if (run.objectsKept() && run.status() != RunStatus.RUNNING) {
                entries.put(run.snapshot(), entry(run.snapshot(), false, null));
            }
        }
        for (ObjectPages.InRun in : pages.getObject().history(vault, id, RUNS)) {
            if (isBehind(in.snapshot(), behind)) {
                entries.put(in.snapshot(), entry(in.snapshot(), false, in.object()));
            }
        }
        return new Ledger(entries);
    }

    private static Entry entry(SnapshotId snapshot, boolean inStore, @Nullable LedgerObject object) {
        return new Entry(snapshot, inStore, object == null ? Presence.ABSENT : Presence.PRESENT, object, null);
    }

    private static boolean isBehind(SnapshotId one, @Nullable SnapshotId behind) {
        return behind == null || one.value().compareTo(behind.value()) < 0;
    }

    private List<Entry> merged(
            VaultAddress vault, ObjectId id, @Nullable SnapshotId behind, int size, Map<SnapshotId, Entry> known) {
        Map<SnapshotId, StoredSnapshot> stored = new HashMap<>();
        catalogue.of(vault).snapshots().stream()
                .filter(one -> isBehind(one.id(), behind))
                .limit(size + 1L)
                .forEach(one -> stored.put(one.id(), one));
        TreeSet<SnapshotId> newestFirst =
                new TreeSet<>(Comparator.comparing(SnapshotId::value).reversed());
        newestFirst.addAll(stored.keySet());
        newestFirst.addAll(known.keySet());
        ReadingAllowance allowance = new ReadingAllowance(catalogue);
        List<Entry> entries = new ArrayList<>();
        for (SnapshotId snapshot : newestFirst.stream().limit(size + 1L).toList()) {
            @Nullable StoredSnapshot one = stored.get(snapshot);
            @Nullable Entry told = known.get(snapshot);
            entries.add(
                    told != null
                            ? new Entry(snapshot, one != null, told.presence(), told.object(), null)
                            : inManifest(one, snapshot, id, allowance));
        }
        return entries;
    }

    private static Entry inManifest(
            @Nullable StoredSnapshot stored, SnapshotId snapshot, ObjectId id, ReadingAllowance allowance) {
        AtomicReference<@Nullable LedgerObject> found = new AtomicReference<>();
        boolean read = stored != null
                && allowance.read(stored.manifest(), object -> {
                    if (object.object().id().equals(id)) {
                        found.set(object);
                    }
                    return found.get() == null;
                });
        return read ? entry(snapshot, true, found.get()) : new Entry(snapshot, true, Presence.UNKNOWN, null, null);
    }

    private static List<Entry> sorted(java.util.Collection<Entry> entries) {
        return entries.stream()
                .sorted(Comparator.comparing((Entry entry) -> entry.snapshot().value())
                        .reversed())
                .toList();
    }

    /** Each with the one before, which follows it here. */
    private static List<Entry> compared(List<Entry> newestFirst) {
        List<Entry> compared = new ArrayList<>();
        for (int index = 0; index < newestFirst.size(); index++) {
            Entry entry = newestFirst.get(index);
            @Nullable
            LedgerObject before = index + 1 == newestFirst.size()
                    ? null
                    : newestFirst.get(index + 1).object();
            compared.add(new Entry(
                    entry.snapshot(),
                    entry.inStore(),
                    entry.presence(),
                    entry.object(),
                    changes(before, entry.object())));
        }
        return compared;
    }

    private static @Nullable List<Difference.Field> changes(
            @Nullable LedgerObject before, @Nullable LedgerObject after) {
        if (before == null || after == null) {
            return null;
        }
        List<Difference.Field> fields = new ArrayList<>();
        Differences differences = new Differences();
        differences.before(before);
        differences.after(after, difference -> fields.addAll(difference.fields()));
        return fields;
    }
}
