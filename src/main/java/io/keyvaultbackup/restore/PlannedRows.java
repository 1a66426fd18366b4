package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The objects of a restore that stand so, once each, read from the ledger a page at a time. For one thread at a time. */
final class PlannedRows implements Supplier<@Nullable RestoreRow> {

    private final RestoreLedger ledger;
    private final String restore;
    private final Set<RestoreOutcome> outcomes;
    private final Iterator<ObjectKind> kinds;
    private final Deque<RestoreRow> page = new ArrayDeque<>();
    private @Nullable ObjectKind kind;
    private String after = "";
    private long left;

    /** @param most how many are given at most */
    PlannedRows(
            RestoreLedger ledger,
            String restore,
            Collection<RestoreOutcome> outcomes,
            Collection<ObjectKind> kinds,
            long most) {
        this.ledger = ledger;
        this.restore = restore;
        this.outcomes = EnumSet.copyOf(outcomes);
        this.kinds = List.copyOf(kinds).iterator();
        this.left = most;
    }

    @Override
    public @Nullable RestoreRow get() {
        if (left == 0) {
            return null;
        }
        while (page.isEmpty()) {
            if (kind == null) {
                if (!kinds.hasNext()) {
                    return null;
                }
                kind = kinds.next();
                after = "";
            }
            List<RestoreRow> next = ledger.page(restore, outcomes, kind, after);
            if (next.isEmpty()) {
                kind = null;
            } else {
                page.addAll(next);
                after = next.getLast().id().name();
            }
        }
        left--;
        return page.remove();
    }
}
