package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ClosingListing;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.ledger.PlannedObject;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Reusing} would take over, without a ledger: for a dry run, which writes nothing anywhere. The whole listing is in memory. For one
 * thread.
 */
final class UnchangedObjects implements EarlierCopies.Taker {

    private final Map<ObjectId, PlannedObject> wanted = new HashMap<>();
    private final Map<ObjectId, PlannedObject> parts = new HashMap<>();
    private final Set<ObjectId> unchanged = new HashSet<>();
    private final Set<ObjectId> due = new HashSet<>();

    /** @param wantsCopy whether it is selected */
    void listed(PlannedObject object, boolean wantsCopy) {
        if (object.object().managed()) {
            parts.put(object.object().id(), object);
        } else if (wantsCopy) {
            wanted.put(object.object().id(), object);
        }
    }

    void forEach(Consumer<ObjectId> consumer) {
        wanted.keySet().forEach(consumer);
    }

    /** How many need no new copy. */
    long count() {
        return unchanged.size();
    }

    @Override
    public Set<ObjectKind> left() {
        return wanted.keySet().stream()
                .filter(id -> !unchanged.contains(id) && !due.contains(id))
                .map(ObjectId::kind)
                .collect(Collectors.toSet());
    }

    @Override
    public int take(List<LedgerObject> found) {
        int before = unchanged.size();
        found.stream()
                .filter(this::isOfTheStateNow)
                .map(copy -> copy.object().id())
                .filter(id -> !due.contains(id))
                .forEach(unchanged::add);
        return unchanged.size() - before;
    }

    @Override
    public void refresh(List<LedgerObject> copies) {
        copies.stream()
                .filter(this::isOfTheStateNow)
                .map(copy -> copy.object().id())
                .filter(id -> !unchanged.contains(id))
                .forEach(due::add);
    }

    @Override
    public void undo() {
        unchanged.clear();
        due.clear();
    }

    @Override
    public boolean isEnding() {
        return false;
    }

    private boolean isOfTheStateNow(LedgerObject copy) {
        ObjectId id = copy.object().id();
        ObjectResult.Blob blob = Objects.requireNonNull(copy.result().blob());
        @Nullable PlannedObject now = wanted.get(id);
        return now != null
                && now.object().equals(copy.object())
                && isTold(now, Objects.requireNonNull(blob.calledAfter()))
                && partsAreOlder(id, blob.calledAfter());
    }

    /** Whether another change would have shown: since the copy, and within the second of {@code updated}. */
    private static boolean isTold(PlannedObject now, Instant calledAfter) {
        @Nullable Instant updated = now.object().token().updated();
        @Nullable Instant readAt = now.readAt();
        return updated != null
                && readAt != null
                && !readAt.isBefore(updated.plus(ClosingListing.TELLING))
                && !readAt.isBefore(calledAfter);
    }

    private boolean partsAreOlder(ObjectId id, Instant calledAfter) {
        return id.kind() != ObjectKind.CERTIFICATE
                || Stream.of(ObjectKind.KEY, ObjectKind.SECRET)
                        .flatMap(kind -> Stream.ofNullable(parts.get(new ObjectId(kind, id.name()))))
                        .map(part -> part.object().token().updated())
                        .allMatch(updated ->
                                updated != null && !calledAfter.isBefore(updated.plus(ClosingListing.TELLING)));
    }
}
