package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.dashboard.view.DatabaseReads;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.StoreReads;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.vault.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Reads the objects of a snapshot, a page at a time: from its manifest, or where the store does not tell, from the job database. Safe for use by many threads. */
public final class ObjectReader {

    private static final int ROWS = 500;

    /** So many rows of the job database are looked at for one page; a pattern may fit few of them. */
    private static final int MOST_ROWS = 20_000;

    private final StoredCatalogue catalogue;
    private final StoreReads stores;
    private final DatabaseReads reads;
    private final ObjectProvider<ObjectPages> pages;

    ObjectReader(StoredCatalogue catalogue, StoreReads stores, DatabaseReads reads, ObjectProvider<ObjectPages> pages) {
        this.catalogue = catalogue;
        this.stores = stores;
        this.reads = reads;
        this.pages = pages;
    }

    /** @param next behind which the next page begins; null if this is the last */
    public record Page(List<LedgerObject> objects, @Nullable ObjectId next) {

        public Page {
            objects = List.copyOf(objects);
        }
    }

    /** @param behind the last one of the page before; null for the first */
    public Reading<Page> page(SnapshotFacts snapshot, ObjectFilter filter, @Nullable ObjectId behind, int size) {
        if (snapshot.stored() != null) {
            StoredManifest manifest = snapshot.stored().manifest();
            Function<BackupStore, Page> question = store -> {
                PageOf page = new PageOf(filter, behind, size);
                catalogue.read(manifest, page::wantsMoreThan);
                return page.page();
            };
            return StoredCatalogue.isTooLarge(manifest)
                    ? stores.ask(
                            question,
                            "Its manifest of " + manifest.size() / 1024 / 1024
                                    + " MiB is too large to be kept here, and is"
                                    + " read anew for each page: 'keyvault-backup ls " + snapshot.id()
                                    + "' lists its objects on the command line.")
                    : stores.ask(question);
        }
        if (snapshot.run() == null || !snapshot.run().objectsKept()) {
            return Reading.missing(
                    "The job database has the objects of this snapshot no longer.",
                    "They are in its manifest; make the store answer.");
        }
        return reads.ask(() -> inLedger(snapshot.id(), filter, behind, size));
    }

    /** The same from the job database alone. Throws what that throws. */
    Page inLedger(SnapshotId snapshot, ObjectFilter filter, @Nullable ObjectId behind, int size) {
        List<LedgerObject> found = new ArrayList<>();
        @Nullable ObjectId from = behind;
        for (int looked = 0; looked < MOST_ROWS; looked += ROWS) {
            List<LedgerObject> rows = pages.getObject().page(snapshot, filter.roughly(), from, ROWS);
            for (LedgerObject row : rows) {
                from = row.object().id();
                if (filter.matches(row)) {
                    if (found.size() == size) {
                        return new Page(found, found.getLast().object().id());
                    }
                    found.add(row);
                }
            }
            if (rows.size() < ROWS) {
                return new Page(found, null);
            }
        }
        return new Page(found, from);
    }

    /** Picks a page out of all objects in the order of a manifest, which may be a newer one than that of the page before. For one thread. */
    static final class PageOf {

        private final ObjectFilter filter;
        private final @Nullable ObjectId behind;
        private final int size;
        private final List<LedgerObject> found = new ArrayList<>();
        private boolean more;

        PageOf(ObjectFilter filter, @Nullable ObjectId behind, int size) {
            this.filter = filter;
            this.behind = behind;
            this.size = size;
        }

        /** Takes an object; false if no other is needed. */
        boolean wantsMoreThan(LedgerObject object) {
            if ((behind == null || object.object().id().compareTo(behind) > 0) && filter.matches(object)) {
                more = found.size() == size;
                if (!more) {
                    found.add(object);
                }
            }
            return !more;
        }

        Page page() {
            return new Page(found, more ? found.getLast().object().id() : null);
        }
    }
}
