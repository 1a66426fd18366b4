package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.vault.ObjectId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object that is not the same in two snapshots.
 *
 * @param fields what of its state differs, if it is in both
 */
public record Difference(ObjectId id, Change change, List<Field> fields) {

    public Difference {
        fields = List.copyOf(fields);
    }

    /** From the first snapshot to the second. */
    public enum Change {
        ADDED,
        REMOVED,
        CHANGED
    }

    /**
     * A part of the state, as a manifest names it: {@code updated}, {@code tags.team}, {@code outcome}.
     *
     * @param before null where the first had none
     * @param after null where the second has none
     */
    public record Field(
            String name, @Nullable String before, @Nullable String after) {}
}
