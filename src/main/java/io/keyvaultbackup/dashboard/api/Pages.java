package io.keyvaultbackup.dashboard.api;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a page begins, by what the page before said, where that is no cursor of its own kind. Stateless. */
final class Pages {

    private static final Pattern OFFSET = Pattern.compile("\\d{1,9}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private Pages() {}

    /**
     * How many come before.
     *
     * @param cursor null or empty for the first page
     */
    static int offset(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return 0;
        }
        if (!OFFSET.matcher(cursor).matches()) {
            throw Problem.wrongCursor();
        }
        return Integer.parseInt(cursor);
    }

    /**
     * The number of what came last.
     *
     * @param cursor null or empty for the first page
     */
    static @Nullable Long number(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        if (!NUMBER.matcher(cursor).matches()) {
            throw Problem.wrongCursor();
        }
        return Long.valueOf(cursor);
    }

    /**
     * The vault, by its name in a store, that came last.
     *
     * @param cursor null or empty for the first page
     */
    static @Nullable String vault(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        if (VaultAddress.ofStoreName(cursor).isEmpty()) {
            throw Problem.wrongCursor();
        }
        return cursor;
    }
}
