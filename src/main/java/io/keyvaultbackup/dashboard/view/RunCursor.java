package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.run.SnapshotId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a page of runs begins, as a word in an address. Stateless. */
public final class RunCursor {

    private static final Pattern RUN = Pattern.compile("[0-9A-Za-z-]{1,40}");

    private RunCursor() {}

    public static @Nullable String write(RunSummaries.@Nullable Position position) {
        return position == null
                ? null
                : Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString((position.scheduledFor() + " "
                                        + position.snapshot().value())
                                .getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * @param cursor null or empty for the first page
     * @throws IllegalArgumentException with a sentence for people, if no page gave that
     */
    public static RunSummaries.@Nullable Position read(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            int end = text.indexOf(' ');
            if (end > 0 && RUN.matcher(text.substring(end + 1)).matches()) {
                return new RunSummaries.Position(
                        Instant.parse(text.substring(0, end)), new SnapshotId(text.substring(end + 1)));
            }
        } catch (IllegalArgumentException | DateTimeException noCursor) {
            // the sentence below says so
        }
        throw new IllegalArgumentException(
                "a cursor is what 'next' of the page before says; leave it out for the first");
    }
}
