package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.store.StoredBlob;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A manifest as a listing of the store shows it. What is told beside its bytes is not under any signature: enough to find it by.
 *
 * @param size in bytes
 * @param chain its number in its vault's chain; 0 if it is in none
 * @param complete whether every object was done; null if that is not told
 * @param sha256 of the bytes, as noted when they were written; null if that is not told
 */
public record StoredManifest(
        String name,
        long size,
        long chain,
        @Nullable Boolean complete,
        @Nullable String sha256) {

    /** The metadata entry with the number in the chain. */
    public static final String CHAIN = "chain";

    /** The metadata entry that says whether every object was done. */
    public static final String COMPLETE = "complete";

    /** In the order in which they were sealed, as far as that is told. */
    static final Comparator<StoredManifest> SEALED = Comparator.comparingLong(StoredManifest::chain)
            .thenComparing(manifest -> manifest.snapshot().value())
            .thenComparingInt(StoredManifest::execution);

    static StoredManifest of(StoredBlob blob) {
        String complete = blob.metadata().get(COMPLETE);
        return new StoredManifest(
                blob.name(),
                blob.size(),
                number(blob.metadata().get(CHAIN)),
                complete == null ? null : Boolean.valueOf(complete),
                blob.metadata().get(StoredBlob.SHA_256));
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    StoredManifest withChain(long number) {
        return new StoredManifest(name, size, number, complete, sha256);
    }

    public SnapshotId snapshot() {
        return SnapshotNames.snapshotOf(name);
    }

    public int execution() {
        return SnapshotNames.executionOf(name);
    }
}
