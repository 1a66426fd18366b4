package io.keyvaultbackup.run;

import org.jspecify.annotations.Nullable;

/**
 * Something of an object that is not as the snapshot has it.
 *
 * @param field what: {@code versions}, {@code enabled}, {@code tags.owner}
 * @param saved as the snapshot has it; null where it has none
 * @param there as it is in the vault; null where there is none
 */
public record Deviation(
        String field, @Nullable String saved, @Nullable String there) {

    private static final String NONE = "none";

    /** {@code enabled: true in the snapshot, false in the vault}. */
    @Override
    public String toString() {
        return field + ": " + (saved == null ? NONE : saved) + " in the snapshot, " + (there == null ? NONE : there)
                + " in the vault";
    }
}
