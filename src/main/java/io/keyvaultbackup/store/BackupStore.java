package io.keyvaultbackup.store;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    default StoredBlob put(String name, BlobContent content, Map<String, String> metadata) {
        return put(name, content, metadata, Protection.NONE);
    }

    /**
     * The same, and from the very beginning nobody can remove these bytes as long as is asked for. A store that cannot see to that keeps them
     * all the same, and {@link #unprotected()} says why.
     *
     * @throws StoreException as {@link #put(String, BlobContent, Map)}
     */
    StoredBlob put(String name, BlobContent content, Map<String, String> metadata, Protection asked);

    /**
     * The same, but if the store refuses to protect it, it is not added: for what tells of itself that it is protected. A store that takes it, and
     * protects it for less than was asked for, has it then, and tells so by {@link #unprotected()}.
     *
     * @return false if it was refused, and might be taken without protection
     * @throws StoreException as {@link #put(String, BlobContent, Map)}
     */
    default boolean putIfProtected(String name, BlobContent content, Map<String, String> metadata, Protection asked) {
        put(name, content, metadata, asked);
        return true;
    }

    /** The store that has, or takes, whatever is of this vault: this one, unless it stands for several. */
    default BackupStore ofVault(String vault) {
        return this;
    }

    /** The same store, for one run: what it then tells of protection is of what that run has put. */
    default BackupStore forOneRun() {
        return this;
    }

    /** Whether something that was put here was seen to be protected as was asked for, and nothing not to be. */
    default boolean isProtecting() {
        return false;
    }

    /** Why something that was put here is not protected as was asked for, in words for people; empty if all is. */
    default Optional<String> unprotected() {
        return Optional.empty();
    }

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
    default InputStream open(String name) {
        return open(name, null);
    }

    /**
     * The bytes of that version, also where the name shows others now or none; the caller closes. Where there is no such version, as in a store
     * that keeps none or one that this was copied to, they are those that the name has now: callers know what their SHA-256 should be.
     *
     * @param version as {@link StoredBlob#version()} told it when they were put; null for what the name has now
     * @throws StoreException with {@code NOT_FOUND} if there is neither, or another reason if it could not be opened
     */
    InputStream open(String name, @Nullable String version);

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
     * As {@link #list}, and where the store keeps versions those that a name no longer shows, too; under one name in the order in which they
     * were written.
     *
     * @throws StoreException as {@link #list}
     */
    default Stream<BlobVersion> listVersions(String prefix) {
        return list(prefix).map(blob -> new BlobVersion(blob, true));
    }

    /**
     * As {@link #listVersions}, but with no metadata.
     *
     * @throws StoreException as {@link #list}
     */
    default Stream<BlobVersion> listVersionNames(String prefix) {
        return listNames(prefix).map(blob -> new BlobVersion(blob, true));
    }

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
