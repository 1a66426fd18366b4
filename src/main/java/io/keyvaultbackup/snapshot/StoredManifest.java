package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.StoredBlob;
import java.io.InputStream;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A manifest as a listing of the store shows it. What is told beside its bytes is not under any signature: enough to find it by.
 *
 * @param size in bytes
 * @param chain its number in its vault's chain; 0 if it is in none
 * @param complete whether every object was done; null if that is not told
 * @param sha256 of the bytes, as noted when they were written; null if that is not told
 * @param version the store's id of these bytes, which were the first under the name; null where it keeps no versions
 * @param replaced whether the name shows them no longer: nothing here overwrites or deletes a manifest but forgets it whole
 * @param signature the same id of its signature's first bytes; null where there is none, or no versions are kept
 */
public record StoredManifest(
        String name,
        long size,
        long chain,
        @Nullable Boolean complete,
        @Nullable String sha256,
        @Nullable String version,
        boolean replaced,
        @Nullable String signature) {

    /** The metadata entry with the number in the chain. */
    public static final String CHAIN = "chain";

    /** The metadata entry that says whether every object was done. */
    public static final String COMPLETE = "complete";

    /** In the order in which they were sealed, as far as that is told. */
    static final Comparator<StoredManifest> SEALED = Comparator.comparingLong(StoredManifest::chain)
            .thenComparing(manifest -> manifest.snapshot().value())
            .thenComparingInt(StoredManifest::execution);

    /** @param signature the first bytes under the name of its signature, if there are any */
    static StoredManifest of(BlobVersion first, @Nullable BlobVersion signature) {
        StoredBlob blob = first.blob();
        String complete = blob.metadata().get(COMPLETE);
        return new StoredManifest(
                blob.name(),
                blob.size(),
                number(blob.metadata().get(CHAIN)),
                complete == null ? null : Boolean.valueOf(complete),
                blob.metadata().get(StoredBlob.SHA_256),
                blob.version(),
                !first.current(),
                signature == null ? null : signature.id());
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    StoredManifest withChain(long number) {
        return new StoredManifest(name, size, number, complete, sha256, version, replaced, signature);
    }

    /**
     * Its bytes; the caller closes.
     *
     * @throws io.keyvaultbackup.store.StoreException if the store did not give them
     */
    public InputStream open(BackupStore store) {
        return store.open(name, version);
    }

    /** Its signature's bytes, as {@link #open}. */
    InputStream openSignature(BackupStore store) {
        return store.open(name + SnapshotNames.SIGNATURE, signature);
    }

    public SnapshotId snapshot() {
        return SnapshotNames.snapshotOf(name);
    }

    public int execution() {
        return SnapshotNames.executionOf(name);
    }
}
