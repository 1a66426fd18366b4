package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ClosingListing;
import io.keyvaultbackup.ledger.FormerCopies;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.PlannedObject;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Settlement;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rounds after the backups: the vault is listed again, and what is not in the state of its copy is planned anew, until a listing finds
 * nothing or the rounds are used up. For the steps of one execution, one after another, but for the first listing, which may be made beside the backups.
 */
final class Settling {

    /** The exit status of a comparison that found something. */
    static final String MOVING = "MOVING";

    /** The exit status where nothing was compared: what was listed beside the backups proves nothing, and is listed once more. */
    static final String AGAIN = "AGAIN";

    /**
     * What was gone before a listing, or when the inventory's last page was read, is gone at the time that the next one begins with, though the service's own time may be a second further than
     * the one that it told, and more by as long as that answer was under way.
     */
    private static final Duration BETWEEN_LISTINGS = Duration.ofSeconds(2);

    private final RunRequest request;
    private final int execution;
    private final int mostRounds;
    private final ObjectLedger ledger;
    private final ClosingListing closing;
    private final FormerCopies former;
    private final ServiceTime time;
    private final StopSignal timeUp;
    private final Function<Predicate<ObjectKind>, Inventory> inventories;
    private final Runnable sealNext;

    private final List<Incident> failedListings = new ArrayList<>();
    private final List<Incident> notRenewed = new ArrayList<>();
    private Settlement settlement = Settlement.NONE;
    private volatile @Nullable Instant began;
    private volatile @Nullable Instant told;
    private volatile Instant lastCall = Instant.EPOCH;
    private final LongAdder requests = new LongAdder();
    private volatile boolean wanted;
    private final AtomicInteger gone = new AtomicInteger();
    private volatile int goneBefore;
    private boolean proving = true;
    private boolean unquiet;
    private boolean done;

    /** @param sealNext run once nothing is to be backed up any more */
    Settling(
            RunRequest request,
            int execution,
            int mostRounds,
            ObjectLedger ledger,
            ClosingListing closing,
            FormerCopies former,
            ServiceTime time,
            StopSignal timeUp,
            Function<Predicate<ObjectKind>, Inventory> inventories,
            Runnable sealNext) {
        this.request = request;
        this.execution = execution;
        this.mostRounds = mostRounds;
        this.ledger = ledger;
        this.closing = closing;
        this.former = former;
        this.time = time;
        this.timeUp = timeUp;
        this.inventories = inventories;
        this.sealNext = sealNext;
    }

    int mostRounds() {
        return mostRounds;
    }

    /** Lists nothing where a kind could not be listed before, as nothing can be said of the whole then. */
    Inventory inventory() {
        return inventories.apply(kind -> !wanted).after(this::noteTheMoment);
    }

    /** What an object was backed up to; while the vault is listed again, too. */
    void backedUp(Outcome outcome) {
        if (outcome == Outcome.DELETED_DURING_RUN) {
            gone.incrementAndGet();
        }
    }

    /**
     * Before a listing.
     *
     * @param beside whether objects are still copied, which then wait for nothing else
     */
    void begin(int round, boolean beside) {
        SnapshotId snapshot = request.snapshot();
        goneBefore = gone.get();
        proving = true;
        closing.begin(snapshot, execution);
        wanted = ledger.completelyListed(snapshot)
                .containsAll(request.selection().kinds());
        if (!beside) {
            keptTheirCopies(former.putBack(snapshot, execution)); // which the listing will show to be older
        }
        unquiet = beside
                || round > 1
                || goneBefore > 0
                || ledger.counts(snapshot).containsKey(Outcome.DELETED_DURING_RUN);
        lastCall = closing.lastCall(snapshot);
        began = null;
        told = null;
    }

    /** By a thread of the listing's stage, before its first page. */
    private void noteTheMoment() {
        if (unquiet) {
            time.pass(BETWEEN_LISTINGS);
        }
        if (!time.isFresh()) {
            try {
                askForAPage();
            } catch (FailureException unheard) {
                if (time.atLeast() == null) { // else what was heard before will do
                    throw unheard;
                }
            }
        }
        Instant now = time.waitFor(lastCall);
        told = now;
        began = now == null || now.isBefore(lastCall) ? null : now;
    }

    private void askForAPage() {
        Inventory asked = inventories.apply(kind -> true);
        asked.hearTheTime(request.selection().kinds().iterator().next());
        requests.add(asked.requests());
    }

    /**
     * By a thread that backs up: asks the service for a page if it has not told its time yet, as in a relaunch that has nothing to list. If that
     * fails the object's versions may tell.
     */
    void hearTheTime() {
        if (mostRounds > 0 && time.atLeast() == null) {
            try {
                askForAPage();
            } catch (FailureException unheard) {
                // whoever needs it asks again
            }
        }
    }

    /** The listed objects that the run is about. */
    @Nullable
    PlannedObject select(PlannedObject listed) {
        return request.selection().selects(listed.object().id()) ? listed : null;
    }

    void listed(List<? extends PlannedObject> objects) {
        closing.add(request.snapshot(), execution, objects);
    }

    /**
     * After a listing that was made beside the backups: whether it is to be made once more, as it failed, told of something before that was copied, or
     * began before something was found gone.
     */
    boolean isToBeRepeated(Inventory listing, Trailing trailing) {
        if (!wanted || !trailing.isBeside()) {
            return false;
        }
        boolean timely = began != null || time.atLeast() == null; // one that never tells its time will not then either
        proving = gone.get() == goneBefore && timely && isWhole(listing);
        if (proving || timeUp.isGiven()) {
            keptTheirCopies(former.putBack(request.snapshot(), execution)); // of what failed since the listing began
            return false;
        }
        requests.add(listing.requests());
        return true;
    }

    private boolean isWhole(Inventory listing) {
        return Listing.incidents(listing.listings()).isEmpty()
                && listing.listings().size() == request.selection().kinds().size();
    }

    /**
     * After a listing: compares.
     *
     * @param listing that ended, or was broken off
     * @return whether there is something to back up and list again
     */
    boolean isMoving(int round, Inventory listing) {
        if (!wanted) {
            return false;
        }
        requests.add(listing.requests());
        Listing.incidents(listing.listings())
                .forEach(incident ->
                        failedListings.add(new Incident("closing " + incident.subject(), incident.failure())));
        boolean whole = proving && failedListings.isEmpty() && isWhole(listing);
        settlement = new Settlement(null, round, requests.sum(), List.of(), 0);
        @Nullable Instant moment = began;
        if (whole
                && moment == null
                && time.atLeast() != null) { // one that never tells its time leaves nothing to reckon with
            failedListings.add(new Incident("closing listing", untimely()));
            whole = false;
        }
        done = whole;
        boolean again = whole && moment != null && compare(round, moment);
        if (!again) {
            sealNext.run();
        }
        closing.begin(request.snapshot(), execution);
        return again;
    }

    private Failure untimely() {
        String why = told != null
                ? "the service's Date has gone back: it was " + told
                        + " when the listing began, after a backup of this run at " + lastCall
                : "the service did not tell its time (Date) when the listing began";
        return Failure.of(FailureReason.CORRUPT_ANSWER, why + "; so the listing cannot tell what changed since");
    }

    private boolean compare(int round, Instant moment) {
        SnapshotId snapshot = request.snapshot();
        List<Moving> moving = closing.moving(
                snapshot, execution, moment, request.selection().kinds().contains(ObjectKind.CERTIFICATE));
        settlement = new Settlement(
                moving.isEmpty() ? moment : null,
                round,
                requests.sum(),
                moving.stream().limit(Settlement.MOST_NAMED).toList(),
                moving.size());
        boolean again = !moving.isEmpty() && round < mostRounds && !timeUp.isGiven();
        done = moving.isEmpty() || round == mostRounds;
        if (again) {
            closing.planAnew(snapshot, execution, moving);
            Set<String> planned =
                    moving.stream().map(one -> one.id().toString()).collect(Collectors.toSet());
            notRenewed.removeIf(incident -> planned.contains(incident.subject()));
        }
        return again;
    }

    /** Before the seal: where nobody listed after the backups, what could not be copied anew keeps the copy that it has all the same. */
    void end() {
        keptTheirCopies(former.putBack(request.snapshot(), execution));
        former.forget(request.snapshot(), execution);
    }

    /** Of an earlier round too: nobody tries again what is as it was listed first. */
    private void keptTheirCopies(List<Incident> more) {
        Set<String> now = more.stream().map(Incident::subject).collect(Collectors.toSet());
        notRenewed.removeIf(incident -> now.contains(incident.subject()));
        notRenewed.addAll(more);
    }

    /** Whether a closing listing told, or will tell, what is gone. */
    boolean isWanted() {
        return wanted;
    }

    /** Whether nothing is left to do for it, whatever was found. */
    boolean isDone() {
        return notRenewed.isEmpty() && (done || !wanted);
    }

    /** What came of it, so far. */
    Settlement settlement() {
        return settlement;
    }

    /** The listings that failed, and the objects that could not be copied anew. */
    List<Incident> incidents() {
        return Stream.concat(failedListings.stream(), notRenewed.stream()).toList();
    }
}
