package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ClosingListing;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.Reuse;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.CheckedCopies;
import io.keyvaultbackup.snapshot.ManifestExamination;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.VaultPlace;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The copies that earlier snapshots in the store have of a vault's objects, for a run that need not make them again. No database is asked.
 * Safe for use by many threads.
 */
final class EarlierCopies {

    /** The one that was sealed last has nearly all; what it lacks, because it failed or was of other objects, one of the next few has. */
    private static final int MOST_READ = 7;

    private static final int MOST_LOOKED_AT = 50;
    private static final int BATCH = 500;

    private final Catalogue catalogue;
    private final CheckedCopies copies;
    private final ObjectProvider<Signer> signers;
    private final SignatureKey key;
    private final Patience patience;

    EarlierCopies(
            Catalogue catalogue,
            CheckedCopies copies,
            ObjectProvider<Signer> signers,
            SignatureKey key,
            Stopwatch stopwatch) {
        this.catalogue = catalogue;
        this.copies = copies;
        this.signers = signers;
        this.key = key;
        this.patience = new Patience(stopwatch);
    }

    /** What becomes of the copies. For one thread. */
    interface Taker {

        /** The kinds of which objects still wait for a copy, but for those that are to be copied anew in any case. */
        Set<ObjectKind> left();

        /** Gives these copies to objects that are in their states; returns to how many. */
        int take(List<LedgerObject> found);

        /** The same, of objects whose turn it is: each is copied anew, and has this copy if that fails. */
        void refresh(List<LedgerObject> due);

        /** What was taken is not to be trusted. */
        void undo();

        /** Whether to begin nothing more. */
        boolean isEnding();
    }

    /**
     * Examines the manifest that most will be taken from, while the vault is listed.
     *
     * @param look told each folder that has its copies
     */
    Ahead ahead(RunRequest request, Consumer<String> look) {
        return Ahead.start(() -> latestSealedFirst(request).stream().findFirst(), copies, look);
    }

    /**
     * Looks through the snapshots, the one that was sealed last first, until none can have more. Each manifest is examined whole before anything
     * is handed on.
     *
     * @param place where the vault is now: elsewhere nobody could restore the copies
     * @param certificatesToo whether it is known when the keys and secrets that certificates own were changed
     * @param ahead what was examined beforehand
     */
    Reuse lookThrough(
            RunRequest request,
            VaultPlace place,
            RefreshTurns turns,
            boolean certificatesToo,
            Ahead ahead,
            Taker taker) {
        List<String> manifests = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        try {
            for (StoredSnapshot snapshot : latestSealedFirst(request)) {
                Set<ObjectKind> left = taker.left();
                if (left.isEmpty() || manifests.size() == MOST_READ || taker.isEnding()) {
                    break;
                }
                if (signers.getIfAvailable() != null && key.key() == null) {
                    unread.add("manifests are signed here, and no signature can be checked without"
                            + " keyvault-backup.signature.public-key-file: every object is copied");
                    break;
                }
                Reading reading = new Reading(request, snapshot, turns, certificatesToo, ahead, taker);
                try {
                    ManifestHead head = catalogue.head(snapshot.manifest());
                    @Nullable String elsewhere = elsewhere(snapshot, head.place(), place);
                    if (elsewhere != null) {
                        unread.add(elsewhere);
                    } else if (!Collections.disjoint(head.request().selection().kinds(), left)) {
                        boolean last = reading.read(head);
                        manifests.add(snapshot.manifest().name());
                        if (last) {
                            break;
                        }
                    }
                } catch (RunRefusedException damaged) {
                    unread.add(damaged.getMessage());
                    if (reading.handedOn) { // it changed while it was read
                        taker.undo();
                        manifests.clear();
                    }
                } catch (FailureException failed) {
                    unread.add(
                            snapshot.manifest().name() + ": " + failed.failure().describe());
                }
            }
        } catch (FailureException failed) {
            unread.add(failed.failure().describe());
        }
        return new Reuse(manifests, 0, unread);
    }

    private List<StoredSnapshot> latestSealedFirst(RunRequest request) {
        return catalogue.snapshots(List.of(request.vault().storeName())).stream()
                .filter(snapshot -> !snapshot.id().equals(request.snapshot()))
                .sorted(StoredSnapshot.LATEST_SEALED_FIRST)
                .limit(MOST_LOOKED_AT)
                .toList();
    }

    private static @Nullable String elsewhere(StoredSnapshot snapshot, VaultPlace before, VaultPlace now) {
        return differ(before.subscription(), now.subscription()) || differ(before.geography(), now.geography())
                ? "snapshot " + snapshot.id() + " was made of the vault in another place (" + told(before) + ", now "
                        + told(now) + "), where alone its copies can be restored"
                : null;
    }

    private static String told(VaultPlace place) {
        return "subscription " + place.subscription() + ", geography " + place.geography();
    }

    private static boolean differ(@Nullable String before, @Nullable String now) {
        return before != null && now != null && !before.equalsIgnoreCase(now);
    }

    /** One manifest, from examination to what is taken of it. */
    private final class Reading {

        private final RunRequest request;
        private final StoredSnapshot snapshot;
        private final RefreshTurns turns;
        private final boolean certificatesToo;
        private final Ahead ahead;
        private final Taker taker;
        private final List<LedgerObject> found = new ArrayList<>();
        private final List<LedgerObject> due = new ArrayList<>();
        private final Set<ObjectId> moving = new HashSet<>();
        private boolean handedOn;
        private int taken;

        Reading(
                RunRequest request,
                StoredSnapshot snapshot,
                RefreshTurns turns,
                boolean certificatesToo,
                Ahead ahead,
                Taker taker) {
            this.request = request;
            this.snapshot = snapshot;
            this.turns = turns;
            this.certificatesToo = certificatesToo;
            this.ahead = ahead;
            this.taker = taker;
        }

        /** Whether no older snapshot can have more; a try that broke off may be repeated. */
        boolean read(ManifestHead head) {
            ManifestExamination.Examined examined =
                    ahead.examined(snapshot).orElseGet(() -> patience.call(() -> copies.examine(snapshot, one -> {})));
            if (!head.equals(examined.head())) {
                throw new RunRefusedException(
                        RunRefusedException.Cause.DAMAGED,
                        "The manifest " + snapshot.manifest().name()
                                + " changed while it was being read; nothing was taken from it.");
            }
            head.moving().stream().map(Moving::id).forEach(moving::add);
            patience.call(() -> {
                found.clear();
                due.clear();
                copies.objects(snapshot, examined, this::add);
                return true;
            });
            takeFound();
            refreshDue();
            return head.request()
                            .selection()
                            .canonical()
                            .equals(request.selection().canonical())
                    && (head.complete() || taken == 0);
        }

        private void add(LedgerObject object) {
            if (isOfItsState(snapshot.vault(), object)
                    && !moving.contains(object.object().id())) {
                if (turns.isDue(object.object().id(), madeOn(object))) {
                    if (due.add(object) && due.size() == BATCH) {
                        refreshDue();
                    }
                } else if (found.add(object) && found.size() == BATCH) {
                    takeFound();
                }
            }
        }

        private void takeFound() {
            handedOn |= !found.isEmpty();
            taken += found.isEmpty() ? 0 : taker.take(found);
            found.clear();
        }

        private void refreshDue() {
            handedOn |= !due.isEmpty();
            if (!due.isEmpty()) {
                taker.refresh(due);
            }
            due.clear();
        }

        private boolean isOfItsState(String vault, LedgerObject object) {
            ObjectResult.@Nullable Blob blob = object.result().blob();
            @Nullable Instant updated = object.object().token().updated();
            ObjectId id = object.object().id();
            return blob != null
                    && blob.calledAfter() != null
                    && updated != null
                    && !blob.calledAfter().isBefore(updated.plus(ClosingListing.TELLING))
                    && (certificatesToo || id.kind() != ObjectKind.CERTIFICATE)
                    && SnapshotNames.isCopy(blob.name(), vault, id);
        }
    }

    /** The day that the copy is of, counted from 1970 in UTC: the one that its run was for, or that its call was made on, if that is earlier. */
    private static long madeOn(LedgerObject copy) {
        ObjectResult.Blob blob = Objects.requireNonNull(copy.result().blob());
        long called = RefreshTurns.day(Objects.requireNonNull(blob.calledAfter()));
        return SnapshotNames.snapshotOfCopy(blob.name())
                .flatMap(snapshot -> snapshot.scheduledFor())
                .map(scheduled -> Math.min(called, RefreshTurns.day(scheduled)))
                .orElse(called);
    }
}
