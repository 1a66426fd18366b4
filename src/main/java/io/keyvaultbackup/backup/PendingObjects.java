package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.PendingObject;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pending objects of a run, once each, read from the ledger a page at a time; while the vault is still listed, in as many rounds as that takes. For one
 * thread at a time.
 */
final class PendingObjects implements Supplier<@Nullable PendingObject> {

    /** Certificates first: the closing listing of what they own waits for them. */
    private static final List<ObjectKind> ORDER = List.of(ObjectKind.CERTIFICATE, ObjectKind.SECRET, ObjectKind.KEY);

    private final ObjectLedger ledger;
    private final SnapshotId snapshot;
    private final SideBySide steps;
    private final Deque<PendingObject> page = new ArrayDeque<>();
    private Iterator<ObjectKind> kinds = Collections.emptyIterator();
    private ObjectKind kind = ORDER.getFirst();
    private String after = "";
    private boolean lastRound;

    PendingObjects(ObjectLedger ledger, SnapshotId snapshot, SideBySide steps) {
        this.ledger = ledger;
        this.snapshot = snapshot;
        this.steps = steps;
    }

    @Override
    public @Nullable PendingObject get() {
        if (page.isEmpty() && !lastRound) {
            begin(); // after each page, as certificates may have come to the ledger meanwhile
        }
        while (page.isEmpty()) {
            if (steps.isEnding() || steps.listing() == SideBySide.Standing.BROKEN_OFF) {
                return null;
            }
            Set<ObjectId> underWay =
                    steps.underWay(); // before, so that what is recorded meanwhile is not taken for new
            List<PendingObject> next = ledger.pending(snapshot, kind, after);
            if (!next.isEmpty()) {
                next.stream().filter(object -> !underWay.contains(object.id())).forEach(page::add);
                after = next.getLast().id().name();
            } else if (kinds.hasNext()) {
                kind = kinds.next();
                after = "";
            } else if (lastRound) {
                return null;
            } else {
                steps.awaitChange();
                begin();
            }
        }
        PendingObject object = page.remove();
        steps.handedOut(object.id());
        return object;
    }

    /** Begins a round, the last one where all that there is to come is in the ledger before it. */
    private void begin() {
        lastRound = steps.listing() != SideBySide.Standing.AT_WORK;
        kinds = ORDER.iterator();
        kind = kinds.next();
        after = "";
    }
}
