package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BlobProtection;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.StoredBlob;
import java.time.Instant;
import java.util.stream.Stream;

/** A directory can protect nothing, and says so to whoever asks first. Stateless. */
final class NoProtection implements BlobProtection {

    @Override
    public boolean isPossibleFor(String vault) {
        return false;
    }

    @Override
    public Instant now(String vault) {
        throw new IllegalStateException("a directory can protect nothing");
    }

    @Override
    public Stream<BlobVersion> list(String prefix) {
        return Stream.of();
    }

    @Override
    public boolean extend(StoredBlob blob, Instant until, Runnable goOn) {
        throw new IllegalStateException("a directory can protect nothing");
    }
}
