package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.run.SnapshotId;
import org.jspecify.annotations.Nullable;

/** Where a page of runs begins, as a word in an address. Stateless. */
public final class RunCursor {

    private RunCursor() {}

    public static @Nullable String write(RunSummaries.@Nullable Position position) {
        return position == null
                ? null
                : new Cursor(position.scheduledFor(), position.snapshot().value()).write();
    }

    /**
     * @param cursor null or empty for the first page
     * @throws IllegalArgumentException with a sentence for people, if no page gave that
     */
    public static RunSummaries.@Nullable Position read(@Nullable String cursor) {
        Cursor read = Cursor.read(cursor);
        return read == null ? null : new RunSummaries.Position(read.at(), new SnapshotId(read.id()));
    }
}
