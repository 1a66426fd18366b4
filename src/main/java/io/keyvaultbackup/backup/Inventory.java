package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.PlannedObject;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.pipeline.Work;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.telemetry.Traces;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists a vault, the collections side by side, page by page. A collection that cannot be listed is noted and does not stop the
 * others; what it gave before it failed is kept.
 */
final class Inventory {

    /** So that the next page can be listed while the last one is recorded; a page holds 25. */
    private static final int LISTED_AHEAD = 500;

    private final Vault vault;
    private final Patience patience;
    private final RunMonitor monitor;
    private final Traces traces;
    private final Predicate<ObjectKind> alreadyListed;
    private final ServiceTime time;
    private Runnable before = () -> {};
    private Pace pace = Pace.AT_ONCE;
    private final Map<ObjectKind, Listing> listings = new ConcurrentHashMap<>();
    private final LongAdder requests = new LongAdder();

    /** @param alreadyListed which kinds need no listing any more; asked when the listing would begin */
    Inventory(
            Vault vault,
            Patience patience,
            RunMonitor monitor,
            Traces traces,
            ServiceTime time,
            Predicate<ObjectKind> alreadyListed) {
        this.vault = vault;
        this.alreadyListed = alreadyListed;
        this.patience = patience;
        this.monitor = monitor;
        this.traces = traces;
        this.time = time;
    }

    /** Done once, by a thread of the stage, before anything is listed; if it fails for a reason, so does the listing. */
    Inventory after(Runnable first) {
        before = new Once(first);
        return this;
    }

    /** When a page may be asked for. Called by the thread of its kind. */
    interface Pace {

        Pace AT_ONCE = new Pace() {
            @Override
            public boolean before(ObjectKind kind, String last) {
                return true;
            }

            @Override
            public boolean after(ObjectKind kind, List<VaultObject> page) {
                return true;
            }
        };

        /**
         * Waits until the next page may be asked for.
         *
         * @param last the name that the page before ended with; empty before the first
         * @return false if nobody needs it any more
         */
        boolean before(ObjectKind kind, String last);

        /** @return the same, once a page is there */
        boolean after(ObjectKind kind, List<VaultObject> page);
    }

    Inventory at(Pace other) {
        pace = other;
        return this;
    }

    /** The reader of these collections. */
    Stage<PlannedObject> read(Collection<ObjectKind> kinds) {
        return new Stage<>(
                "inventory",
                kinds.stream()
                        .<Work<PlannedObject>>map(kind -> output -> list(kind, output))
                        .toList(),
                LISTED_AHEAD);
    }

    private void list(ObjectKind kind, Work.Output<PlannedObject> output) {
        if (alreadyListed.test(kind)) {
            return;
        }
        long objects = 0;
        int pages = 0;
        String last = "";
        @Nullable String next = null;
        try {
            before.run();
            do {
                if (!pace.before(kind, last) || output.isStopping()) {
                    return;
                }
                @Nullable String wanted = next;
                Page<VaultObject> page = traces.page(
                        kind, ++pages, () -> patience.call(() -> vault.list(kind, wanted), requests::increment));
                time.heard(page.readAt());
                if (!pace.after(kind, page.items())) {
                    return;
                }
                for (VaultObject object : page.items()) {
                    last = object.id().name();
                    output.emit(new PlannedObject(object, Outcome.PENDING, page.readAt()));
                }
                objects += page.items().size();
                monitor.listed(page.items().size());
                next = page.next();
            } while (next != null);
            listings.put(kind, new Listing(kind, objects, null));
        } catch (FailureException failed) {
            listings.put(kind, new Listing(kind, objects, failed.failure()));
        }
    }

    /** What is known of an object before any call: only what is selected needs one. */
    static PlannedObject plan(PlannedObject listed, Selection selection) {
        return selection.selects(listed.object().id())
                ? listed
                : new PlannedObject(listed.object(), Outcome.EXCLUDED, listed.readAt());
    }

    /** How the listings that ended did so. */
    Collection<Listing> listings() {
        return listings.values();
    }

    /**
     * Asks for a page only to hear what time it is.
     *
     * @throws FailureException if nobody answered
     */
    void hearTheTime(ObjectKind kind) {
        time.heard(
                patience.call(() -> vault.list(kind, null), requests::increment).readAt());
    }

    /** What the listings cost, in requests. */
    long requests() {
        return requests.sum();
    }
}
