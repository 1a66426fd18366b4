package io.keyvaultbackup.ledger;

import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.store.StoredBlob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a look into a store has seen, in about 100 bytes for each blob: half of a SHA-256 stands for what is known of it, which neither chance nor anybody
 * makes the same for another. For one thread.
 */
public final class SeenCopies {

    private final Set<Key> seen = new HashSet<>();

    private record Key(long first, long second) {}

    /** As it was written: name, version, size, and the SHA-256 that is noted beside it. */
    public void addAsWritten(BlobVersion version) {
        String sha256 = version.blob().metadata().get(StoredBlob.SHA_256);
        if (sha256 != null) {
            add(version, sha256);
        }
    }

    /** Name, version and size, where the rest was looked at before. */
    public void addByName(BlobVersion version) {
        add(version, "");
    }

    /** Where no version is recorded, what the name shows is what anybody would read. */
    private void add(BlobVersion version, String sha256) {
        StoredBlob blob = version.blob();
        if (version.current()) {
            seen.add(key(blob.name(), "", blob.size(), sha256));
        }
        if (blob.version() != null) {
            seen.add(key(blob.name(), blob.version(), blob.size(), sha256));
        }
    }

    /** Whether a copy of that name is there, in that version, or shown by the name if none is given, with that size and, where it was looked at, that SHA-256. */
    boolean has(String name, @Nullable String version, long size, @Nullable String sha256) {
        String of = version == null ? "" : version;
        return seen.contains(key(name, of, size, "")) || (sha256 != null && seen.contains(key(name, of, size, sha256)));
    }

    private static Key key(String name, String version, long size, String sha256) {
        ByteBuffer digest = ByteBuffer.wrap(Sha256.digest()
                .digest(String.join("\n", name, version, String.valueOf(size), sha256)
                        .getBytes(StandardCharsets.UTF_8)));
        return new Key(digest.getLong(), digest.getLong());
    }
}
