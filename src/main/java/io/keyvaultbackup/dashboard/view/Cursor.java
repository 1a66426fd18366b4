package io.keyvaultbackup.dashboard.view;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a page of what is ordered by time begins: after the one of that time and id. As a word in an address. */
public record Cursor(Instant at, String id) {

    /** What to say of what is none. */
    public static final String ADVICE = "a cursor is what 'next' of the page before says; leave it out for the first";

    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,40}");

    /** Whether a text has the form of an ID, such as a run's. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    public String write() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((at + " " + id).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * @param cursor null or empty for the first page
     * @throws IllegalArgumentException with a sentence for people, if no page gave that
     */
    public static @Nullable Cursor read(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            int end = text.indexOf(' ');
            if (end > 0 && isId(text.substring(end + 1))) {
                return new Cursor(Instant.parse(text.substring(0, end)), text.substring(end + 1));
            }
        } catch (IllegalArgumentException | DateTimeException noCursor) {
            // the sentence below says so
        }
        throw new IllegalArgumentException(ADVICE);
    }
}
