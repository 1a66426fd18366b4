package io.keyvaultbackup.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A blob that is in a store.
 *
 * @param size in bytes
 * @param version the store's own id of these very bytes, where it keeps versions
 * @param protection what keeps them from being removed, where that was asked for
 */
public record StoredBlob(
        String name, long size, @Nullable String version, Map<String, String> metadata, Protection protection) {

    /** The name of the metadata entry that holds the bytes' SHA-256; every store writes it. */
    public static final String SHA_256 = "sha256";

    public StoredBlob {
        metadata = Map.copyOf(metadata);
    }

    public StoredBlob(String name, long size, @Nullable String version, Map<String, String> metadata) {
        this(name, size, version, metadata, Protection.NONE);
    }
}
