package io.keyvaultbackup.store;

import java.time.Instant;
import java.util.stream.Stream;

/** Protects in the store that the vault's copies are in. Safe for use by many threads. */
record RoutedProtection(Routes<BlobProtection> routes) implements BlobProtection {

    @Override
    public boolean isPossibleFor(String vault) {
        return routes.ofVault(vault).isPossibleFor(vault);
    }

    @Override
    public Instant now(String vault) {
        return routes.ofVault(vault).now(vault);
    }

    @Override
    public Stream<BlobVersion> list(String prefix) {
        return routes.list(prefix, BlobProtection::list, BlobVersion::name);
    }

    @Override
    public boolean extend(StoredBlob blob, Instant until, Runnable goOn) {
        return routes.ofName(blob.name()).extend(blob, until, goOn);
    }
}
