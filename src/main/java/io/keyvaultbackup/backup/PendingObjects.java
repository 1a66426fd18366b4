package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.PendingObject;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pending objects of a run, once each, read from the ledger a page at a time. For one thread at a time. */
final class PendingObjects implements Supplier<@Nullable PendingObject> {

    private final ObjectLedger ledger;
    private final SnapshotId snapshot;
    private final Iterator<ObjectKind> kinds = EnumSet.allOf(ObjectKind.class).iterator();
    private final Deque<PendingObject> page = new ArrayDeque<>();
    private ObjectKind kind = kinds.next();
    private String after = "";

    PendingObjects(ObjectLedger ledger, SnapshotId snapshot) {
        this.ledger = ledger;
        this.snapshot = snapshot;
    }

    @Override
    public @Nullable PendingObject get() {
        while (page.isEmpty()) {
            List<PendingObject> next = ledger.pending(snapshot, kind, after);
            if (!next.isEmpty()) {
                page.addAll(next);
                after = next.getLast().id().name();
            } else if (kinds.hasNext()) {
                kind = kinds.next();
                after = "";
            } else {
                return null;
            }
        }
        return page.remove();
    }
}
