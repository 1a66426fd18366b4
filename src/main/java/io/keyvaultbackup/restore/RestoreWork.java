package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.recovery.PlannedRestore;
import io.keyvaultbackup.recovery.RestorePlan;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.snapshot.CheckedCopies;
import io.keyvaultbackup.snapshot.ManifestExamination;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.Vault;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one execution of a restore do; what one learns the next uses. The plan is made anew by each execution, of what is in the vault
 * then, so that nothing depends on what an execution that died had come to record. For the job's thread, but where it says otherwise.
 */
final class RestoreWork {

    private static final int BATCH = 500;
    private static final int NOTABLE_TOLD = 50;

    private final String id;
    private final RestoreRequest request;
    private final RestoreParts parts;
    private final CheckedCopies copies;
    private final TargetWorld world;
    private final Vault vault;
    private final RestoreTarget target;
    private final Patience patience;
    private final StoppableCalls calls;
    private final RunMonitor monitor;
    private final Predicate<ObjectId> chosen;

    private Map<ObjectId, RestoreOutcome> earlier = Map.of();
    private List<String> notInSnapshot = List.of();
    private volatile TargetListing listing = TargetListing.unasked();
    private volatile boolean reachable;
    private volatile ManifestExamination.@Nullable Examined manifest;

    /** @param chosen which of the selected objects are meant */
    RestoreWork(
            String id,
            RestoreRequest request,
            RestoreParts parts,
            CheckedCopies copies,
            TargetWorld world,
            Vault vault,
            RestoreTarget target,
            Patience patience,
            StoppableCalls calls,
            RunMonitor monitor,
            Predicate<ObjectId> chosen) {
        this.id = id;
        this.request = request;
        this.parts = parts;
        this.copies = copies;
        this.world = world;
        this.vault = vault;
        this.target = target;
        this.patience = patience;
        this.calls = calls;
        this.monitor = monitor;
        this.chosen = chosen;
    }

    /** Reads the manifest, lists the vault, and notes what is to be done with each object; in one transaction. */
    void plan() {
        RestoreLedger ledger = parts.ledger();
        List<RestoreRow> batch = new ArrayList<>();
        earlier = ledger.outcomes(id);
        makePlan(() -> ledger.forget(id), row -> {
            batch.add(row);
            if (batch.size() == BATCH) {
                ledger.plan(id, batch);
                batch.clear();
            }
        });
        ledger.plan(id, batch);
    }

    /**
     * The same, for whoever takes the rows.
     *
     * @param begun called before the first, once the vault is listed: until then a stop ends it
     */
    void makePlan(Runnable begun, Consumer<RestoreRow> rows) {
        Plan made = new Plan(begun, rows);
        manifest = copies.objects(request.snapshot(), made::begin, made::add);
        notInSnapshot = made.notInSnapshot();
    }

    /** What is known of the target once the manifest's head is. */
    private final class Plan {

        private final Runnable begun;
        private final Consumer<RestoreRow> rows;
        private final List<String> lacking = new ArrayList<>();
        private @Nullable RestorePlanning planning;
        private boolean any;

        Plan(Runnable begun, Consumer<RestoreRow> rows) {
            this.begun = begun;
            this.rows = rows;
        }

        /** What the snapshot cannot have, whoever asks for it, because of how it was made. */
        private void lookAt(ManifestHead head) {
            for (ObjectKind kind : request.selection().kinds()) {
                if (!head.request().selection().kinds().contains(kind)) {
                    lacking.add("any " + kind.word() + ": the backup was made without them");
                }
            }
            for (Listing listing : head.listings()) {
                if (listing.failure() != null && request.selection().kinds().contains(listing.kind())) {
                    lacking.add("perhaps some of the " + listing.kind().collection()
                            + ": their listing failed when the backup was made ("
                            + listing.failure().describe() + ")");
                }
            }
        }

        List<String> notInSnapshot() {
            List<String> all = new ArrayList<>(planning().notInSnapshot());
            all.addAll(lacking);
            boolean narrowed = !request.selection().equals(Selection.everything());
            if (!any && all.isEmpty() && narrowed) {
                all.add("anything that is selected");
            }
            return all;
        }

        void begin(ManifestExamination.Examined examined) {
            ManifestHead head = Objects.requireNonNull(examined.head(), "a manifest without damage has a head");
            lookAt(head);
            @Nullable String against = calls.call(() -> world.against(request, head));
            reachable = against == null;
            if (reachable) {
                listing = calls.call(() -> TargetListing.withDeleted(vault, target, patience, monitor));
            }
            planning = new RestorePlanning(request, listing, against);
            begun.run();
        }

        void add(LedgerObject saved) {
            @Nullable RestoreRow row = planning().plan(saved);
            any |= row != null;
            if (row != null && chosen.test(owner(row))) {
                rows.accept(row);
            }
        }

        /** A certificate's key and secret are chosen with it. */
        private static ObjectId owner(RestoreRow row) {
            return row.outcome() == RestoreOutcome.WITH_CERTIFICATE
                    ? new ObjectId(ObjectKind.CERTIFICATE, row.id().name())
                    : row.id();
        }

        RestorePlanning planning() {
            return Objects.requireNonNull(planning, "the manifest begins before its objects");
        }
    }

    /** Compares an object whose name is taken. Safe for use by many threads. */
    RestoreRow judge(RestoreRow row) {
        return comparer().judge(row, earlier);
    }

    /** Lists the vault again, for the proof; not one that nothing can be restored into. */
    void survey() {
        if (reachable) {
            listing = calls.call(() -> TargetListing.of(vault, patience, monitor));
        }
    }

    /** Compares an object that should be there. Safe for use by many threads. */
    RestoreRow prove(RestoreRow row) {
        return comparer().compare(row);
    }

    private Comparer comparer() {
        return new Comparer(listing, new TargetVersions(vault, patience));
    }

    /** What there is to do, as it is noted. */
    RestorePlan summary() {
        RestoreLedger ledger = parts.ledger();
        List<PlannedRestore> notable = new ArrayList<>();
        Consumer<RestoreRow> told = row -> {
            if (notable.size() < NOTABLE_TOLD) {
                notable.add(new PlannedRestore(
                        row.id(),
                        row.outcome(),
                        row.failure() == null ? row.why() : row.failure().describe()));
            }
        };
        ledger.forEach(id, RestoreOutcome.IN_THE_WAY, told); // first: it is what somebody has to do something about
        ledger.forEach(id, EnumSet.of(RestoreOutcome.IMPOSSIBLE, RestoreOutcome.FAILED), told);
        return new RestorePlan(request, ledger.counts(id), notInSnapshot, notable, listing.deletedUnknown());
    }

    /** Once all is compared, which it is for: of a large vault it is much. */
    void forgetTheListing() {
        listing = TargetListing.unasked();
        earlier = Map.of();
    }

    TargetListing listing() {
        return listing;
    }

    List<String> notInSnapshot() {
        return notInSnapshot;
    }

    /** Of the manifest, as it was read. */
    String manifestSha256() {
        return Objects.requireNonNull(manifest, "the plan comes first").sha256();
    }
}
