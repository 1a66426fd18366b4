package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a page of objects begins, as a word in an address: the last object of the page before, {@code secret/db-password}. Stateless. */
public final class ObjectCursor {

    private static final Pattern OBJECT = Pattern.compile("(secret|key|certificate)/([0-9A-Za-z-]{1,127})");

    private ObjectCursor() {}

    public static @Nullable String write(@Nullable ObjectId last) {
        return last == null ? null : last.toString();
    }

    /**
     * @param cursor null or empty for the first page
     * @throws IllegalArgumentException with a sentence for people, if no page gave that
     */
    public static @Nullable ObjectId read(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        Matcher object = OBJECT.matcher(cursor);
        if (!object.matches()) {
            throw new IllegalArgumentException(Cursor.ADVICE);
        }
        return new ObjectId(ObjectKind.ofWord(object.group(1)), object.group(2));
    }
}
