package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.view.DatabaseReads;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.StoreReads;
import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.ledger.VaultChecks;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.StoredLabels;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.UnreadableManifestException;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Reads which snapshots a vault has: those of the store, or where that does not tell, those that the job database knows to have been made. Safe for use by many threads. */
public final class SnapshotReader {

    private final StoredCatalogue catalogue;
    private final StoreReads stores;
    private final DatabaseReads reads;
    private final ObjectProvider<RunSummaries> runs;
    private final ObjectProvider<VaultChecks> checks;

    SnapshotReader(
            StoredCatalogue catalogue,
            StoreReads stores,
            DatabaseReads reads,
            ObjectProvider<RunSummaries> runs,
            ObjectProvider<VaultChecks> checks) {
        this.catalogue = catalogue;
        this.stores = stores;
        this.reads = reads;
        this.runs = runs;
        this.checks = checks;
    }

    /**
     * Some snapshots, the newest first.
     *
     * @param next behind which the next page begins; null if this is the last
     * @param store whether the store told
     * @param database whether the job database told
     */
    public record Page(
            List<SnapshotFacts> snapshots, @Nullable SnapshotId next, Reading<?> store, Reading<?> database) {

        public Page {
            snapshots = List.copyOf(snapshots);
        }

        /** The only one, if there is one. */
        public Optional<SnapshotFacts> first() {
            return snapshots.stream().findFirst();
        }
    }

    private record Part(
            List<SnapshotFacts> snapshots, @Nullable SnapshotId next) {}

    /** @param behind the last one of the page before; null for the first */
    public Page list(VaultAddress vault, @Nullable SnapshotId behind, int size) {
        Reading<Part> stored = stores.ask(store -> {
            StoredCatalogue.Shelf shelf = catalogue.of(vault);
            List<StoredSnapshot> found = shelf.snapshots().stream()
                    .filter(snapshot -> behind == null || snapshot.id().value().compareTo(behind.value()) < 0)
                    .limit(size + 1L)
                    .toList();
            List<StoredSnapshot> shown = found.subList(0, Math.min(size, found.size()));
            return new Part(
                    shown.stream().map(one -> facts(shelf, one)).toList(),
                    found.size() > size ? shown.getLast().id() : null);
        });
        return withDatabase(vault, stored, () -> known(vault, behind, size));
    }

    /** The snapshot alone, if it is there: the store decides, if that tells. */
    public Page find(VaultAddress vault, SnapshotId id) {
        Reading<Part> stored = stores.ask(store -> {
            StoredCatalogue.Shelf shelf = catalogue.of(vault);
            return new Part(
                    shelf.find(id).map(one -> facts(shelf, one)).stream().toList(), null);
        });
        return withDatabase(
                vault,
                stored,
                () -> new Part(
                        runs
                                .getObject()
                                .find(id)
                                .filter(run -> run.vault().equals(vault) && run.manifest() != null)
                                .map(SnapshotReader::facts)
                                .stream()
                                .toList(),
                        null));
    }

    /** The newest snapshots of a vault in the store, by their IDs. */
    public Reading<List<String>> names(VaultAddress vault, int most) {
        return stores.ask(store -> catalogue.of(vault).snapshots().stream()
                .limit(most)
                .map(snapshot -> snapshot.id().value())
                .toList());
    }

    private Page withDatabase(VaultAddress vault, Reading<Part> stored, java.util.function.Supplier<Part> otherwise) {
        record Told(Part part, DatabaseFacts facts) {}
        Reading<Told> database = reads.ask(() -> {
            Part part = stored.told().orElseGet(otherwise);
            List<SnapshotId> ids =
                    part.snapshots().stream().map(SnapshotFacts::id).toList();
            return new Told(part, DatabaseFacts.of(vault, ids, runs.getObject(), checks.getObject()));
        });
        Part part = database.told()
                .map(told -> new Part(
                        told.part().snapshots().stream()
                                .map(one -> one.with(told.facts()))
                                .toList(),
                        told.part().next()))
                .or(stored::told)
                .orElse(new Part(List.of(), null));
        return new Page(part.snapshots(), part.next(), stored, database);
    }

    private SnapshotFacts facts(StoredCatalogue.Shelf shelf, StoredSnapshot stored) {
        try {
            return new SnapshotFacts(
                    stored.id(),
                    stored,
                    catalogue.head(stored.manifest()),
                    null,
                    shelf.labelsOf(stored.id()),
                    null,
                    null,
                    null);
        } catch (UnreadableManifestException damaged) {
            return new SnapshotFacts(
                    stored.id(),
                    stored,
                    null,
                    damaged.failure().message(),
                    shelf.labelsOf(stored.id()),
                    null,
                    null,
                    null);
        }
    }

    private static SnapshotFacts facts(RunSummary run) {
        return new SnapshotFacts(run.snapshot(), null, null, null, StoredLabels.NONE, run, null, null);
    }

    /** Those of which the job database knows a manifest; a run that has written none is none. */
    private Part known(VaultAddress vault, @Nullable SnapshotId behind, int size) {
        RunSummaries.@Nullable Position position = behind == null
                ? null
                : new RunSummaries.Position(behind.scheduledFor().orElseThrow(), behind);
        List<RunSummary> found = runs.getObject().ofVault(vault, position, size + 1);
        List<RunSummary> shown = found.subList(0, Math.min(size, found.size()));
        return new Part(
                shown.stream()
                        .filter(run -> run.manifest() != null)
                        .map(SnapshotReader::facts)
                        .toList(),
                found.size() > size ? shown.getLast().snapshot() : null);
    }
}
