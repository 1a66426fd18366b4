package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What became of each object from one snapshot to another: given all of the first, then all of the second. For one thread. */
public final class Differences {

    private final Map<ObjectId, State> first = new TreeMap<>();

    private record State(ChangeToken token, Outcome outcome) {}

    /** An object of the first snapshot; only its state is kept, about 300 bytes. */
    public void before(LedgerObject object) {
        if (isThere(object)) {
            first.put(object.object().id(), state(object));
        }
    }

    /** An object of the second, once all of the first are known. */
    public void after(LedgerObject object, Consumer<Difference> consumer) {
        if (!isThere(object)) {
            return;
        }
        ObjectId id = object.object().id();
        @Nullable State before = first.remove(id);
        if (before == null) {
            consumer.accept(new Difference(id, Difference.Change.ADDED, List.of()));
            return;
        }
        List<Difference.Field> fields = fields(before, state(object));
        if (!fields.isEmpty()) {
            consumer.accept(new Difference(id, Difference.Change.CHANGED, fields));
        }
    }

    /** The second has ended. */
    public void end(Consumer<Difference> consumer) {
        first.keySet().forEach(id -> consumer.accept(new Difference(id, Difference.Change.REMOVED, List.of())));
    }

    private static boolean isThere(LedgerObject object) {
        return object.result().outcome() != Outcome.DELETED_DURING_RUN;
    }

    /** Whether a run copied the object or found its copy good makes no difference. */
    private static State state(LedgerObject object) {
        Outcome outcome = object.result().outcome();
        return new State(object.object().token(), outcome == Outcome.UNCHANGED ? Outcome.BACKED_UP : outcome);
    }

    private static List<Difference.Field> fields(State before, State after) {
        List<Difference.Field> fields = new ArrayList<>();
        compare(fields, "created", before.token.created(), after.token.created());
        compare(fields, "updated", before.token.updated(), after.token.updated());
        compare(fields, "enabled", before.token.enabled(), after.token.enabled());
        compare(fields, "notBefore", before.token.notBefore(), after.token.notBefore());
        compare(fields, "expires", before.token.expires(), after.token.expires());
        TreeSet<String> tags = new TreeSet<>(before.token.tags().keySet());
        tags.addAll(after.token.tags().keySet());
        for (String tag : tags) {
            compare(
                    fields,
                    "tags." + tag,
                    before.token.tags().get(tag),
                    after.token.tags().get(tag));
        }
        compare(fields, "contentType", before.token.contentType(), after.token.contentType());
        compare(fields, "outcome", before.outcome, after.outcome);
        return fields;
    }

    private static void compare(
            List<Difference.Field> fields, String name, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            fields.add(new Difference.Field(
                    name, before == null ? null : before.toString(), after == null ? null : after.toString()));
        }
    }
}
