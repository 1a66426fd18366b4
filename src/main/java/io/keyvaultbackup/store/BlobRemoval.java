package io.keyvaultbackup.store;

import java.util.stream.Stream;

/**
 * The one way to take blobs out of a store, apart from {@link BackupStore}, so that what backs up cannot remove: it may be another identity.
 * Safe for use by many threads.
 */
public interface BlobRemoval {

    /**
     * All bytes that the store has under names that start with this prefix: where it keeps versions, also those that a name no longer shows;
     * sorted by name, with metadata and, where the store tells it, {@link StoredBlob#protection()}. Read as the stream is; the caller closes.
     *
     * @throws StoreException as {@link BackupStore#list}; also while reading
     */
    Stream<StoredBlob> list(String prefix);

    /**
     * Removes exactly these bytes: that version where the store keeps versions. What is not there any more counts as removed.
     *
     * @param goOn asked before each request that changes something, and at least once; what it throws ends this
     * @throws StoreException with {@code STORE_IMMUTABLE} if they are protected, which no further try changes; or another reason
     */
    void remove(StoredBlob blob, Runnable goOn);
}
