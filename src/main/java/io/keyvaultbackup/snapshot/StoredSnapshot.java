package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.run.SnapshotId;
import java.util.Comparator;
import java.util.List;

/**
 * A snapshot that is in a store.
 *
 * @param vault its folder in the store
 * @param manifests at least one, by execution; the last one counts
 */
public record StoredSnapshot(String vault, SnapshotId id, List<StoredManifest> manifests) {

    /** The one that was sealed last first, as far as that is told. */
    public static final Comparator<StoredSnapshot> LATEST_SEALED_FIRST = Comparator.comparing(
                    StoredSnapshot::manifest, StoredManifest.SEALED)
            .reversed();

    public StoredSnapshot {
        manifests = List.copyOf(manifests);
    }

    /** The one that counts. */
    public StoredManifest manifest() {
        return manifests.getLast();
    }
}
