package io.keyvaultbackup.store;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a store has under a name.
 *
 * @param current whether the name shows these now; false where it was overwritten or deleted since, and the store kept what it had
 */
public record BlobVersion(StoredBlob blob, boolean current) {

    /** By name, and under a name in the order in which they were written; ids are times, and what has none is never followed by a version. */
    public static final Comparator<BlobVersion> IN_ORDER = Comparator.comparing((BlobVersion version) -> version.name())
            .thenComparing(BlobVersion::id, Comparator.nullsLast(Comparator.naturalOrder()));

    public String name() {
        return blob.name();
    }

    /** The store's id of these very bytes, where it keeps versions. */
    public @Nullable String id() {
        return blob.version();
    }
}
