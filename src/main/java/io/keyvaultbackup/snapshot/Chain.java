package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoredBlob;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The manifests of one vault in the order in which they were sealed. Stateless. */
public final class Chain {

    private Chain() {}

    /** The place of the next manifest, for whoever holds the vault's lease. */
    public static ChainLink next(BackupStore store, String vault) {
        Optional<StoredManifest> last = manifests(store, vault).stream().max(StoredManifest.SEALED);
        return last.map(manifest -> new ChainLink(manifest.chain() + 1, manifest.name(), manifest.sha256()))
                .orElse(new ChainLink(1, null, null));
    }

    /** All manifests of a vault, by name. */
    public static List<StoredManifest> manifests(BackupStore store, String vault) {
        try (Stream<StoredBlob> blobs = store.list(SnapshotNames.manifestsOf(vault))) {
            return blobs.filter(blob -> SnapshotNames.isManifest(blob.name()))
                    .map(StoredManifest::of)
                    .toList();
        }
    }
}
