package io.keyvaultbackup.store;

import java.time.Instant;
import java.util.stream.Stream;

/**
 * The one way to protect for longer what a store has, apart from {@link BackupStore}: who may do that may also end what is not locked, so it is
 * another identity than the one that makes backups. Safe for use by many threads.
 */
public interface BlobProtection {

    /** Whether the store that has this vault's copies can protect anything; no other method is of use for a vault where it can not. */
    default boolean isPossibleFor(String vault) {
        return true;
    }

    /**
     * What time it is by the clock of the store that has this vault's copies, by which retentions end.
     *
     * @throws StoreException as {@link BackupStore#list}
     */
    Instant now(String vault);

    /**
     * All that is there under names that start with this prefix, with {@link StoredBlob#protection()}; read as the stream is, and the caller
     * closes.
     *
     * @throws StoreException as {@link BackupStore#list}; also while reading
     */
    Stream<BlobVersion> list(String prefix);

    /**
     * Protects exactly these bytes until then; never for shorter than they are protected already.
     *
     * @param goOn asked just before the request that changes something, and after what is there was looked at; what it throws ends this
     * @return whether that was less before
     * @throws StoreException with {@code NOT_FOUND} if they are gone, or another reason if the store did not do it
     */
    boolean extend(StoredBlob blob, Instant until, Runnable goOn);
}
