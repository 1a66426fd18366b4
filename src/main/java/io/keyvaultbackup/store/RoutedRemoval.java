package io.keyvaultbackup.store;

import java.util.stream.Stream;

/** Removes from the store that the vault's copies are in. Safe for use by many threads. */
record RoutedRemoval(Routes<BlobRemoval> routes) implements BlobRemoval {

    @Override
    public Stream<StoredBlob> list(String prefix) {
        return routes.list(prefix, BlobRemoval::list, StoredBlob::name);
    }

    @Override
    public void remove(StoredBlob blob, Runnable goOn) {
        routes.ofName(blob.name()).remove(blob, goOn);
    }
}
