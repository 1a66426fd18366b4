package io.keyvaultbackup.store;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where backup blobs and manifests are kept. A store only adds: what has a name keeps its bytes. Safe for use by many threads.
 *
 * <p>Names are relative, parts separated by {@code /}, each part of letters, digits, {@code .}, {@code -} and {@code _}, none
 * starting with a dot; anything else is an {@link IllegalArgumentException}. {@link BlobName} has the whole of it, and
 * {@link BlobMetadata} what metadata may be.
 */
public interface BackupStore {

    /**
     * Adds a blob whole, or not at all: nobody ever sees a part of it, and when this returns it survives a loss of power as far as
     * the store can promise. Adding the very same bytes under the same name again (their SHA-256 is compared) does nothing and
     * succeeds, so that a try whose answer was lost can be repeated.
     *
     * @param metadata a few ASCII names and values kept beside the bytes; names of lower-case letters and digits
     * @return what is in the store now
     * @throws StoreException with {@code STORE_CONFLICT} if other bytes have that name, or another reason if it could not be added
     */
    StoredBlob put(String name, BlobContent content, Map<String, String> metadata);

    /**
     * What is known of a blob without reading it, or empty if there is none of that name.
     *
     * @throws StoreException if the store could not tell
     */
    Optional<StoredBlob> find(String name);

    /**
     * The bytes of a blob; the caller closes.
     *
     * @throws StoreException with {@code NOT_FOUND} if there is none of that name, or another reason if it could not be opened
     */
    InputStream open(String name);

    /**
     * The blobs whose names start with this prefix (any text, also half a part), sorted by name, read as the stream is; the caller
     * closes. Metadata is included.
     *
     * @throws StoreException with {@code STORE_NOT_FOUND} if the store itself is not there, or another reason; also while reading
     */
    Stream<StoredBlob> list(String prefix);

    /**
     * As {@link #list}, but with no metadata: quicker, where only names and sizes matter.
     *
     * @throws StoreException as {@link #list}
     */
    Stream<StoredBlob> listNames(String prefix);

    /**
     * The first parts of the names of all blobs that have more than one, sorted, each once; a folder that holds none any more may be among
     * them.
     *
     * @throws StoreException as {@link #list}
     */
    List<String> folders();

    /** Where this is, for people; never with a key, token or password in it. */
    String location();
}
