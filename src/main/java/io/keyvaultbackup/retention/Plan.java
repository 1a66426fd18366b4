package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.RetentionResult;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.store.StoredBlob;
import java.util.List;

/**
 * What is to become of a vault's snapshots.
 *
 * @param fates of all, newest first
 * @param going those that are forgotten, oldest first
 * @param leftovers what is left of manifests that were removed: signatures, and versions that no name shows any more
 * @param damage of manifests that could not be read; nothing is swept then
 */
record Plan(
        List<RetentionResult.Fate> fates,
        List<Going> going,
        List<StoredBlob> leftovers,
        List<IntegrityFinding> damage) {

    static final Plan NONE = new Plan(List.of(), List.of(), List.of(), List.of());

    Plan {
        fates = List.copyOf(fates);
        going = List.copyOf(going);
        leftovers = List.copyOf(leftovers);
        damage = List.copyOf(damage);
    }

    /**
     * A snapshot that is forgotten.
     *
     * @param manifests by execution: the one that counts goes last
     */
    record Going(SnapshotId snapshot, List<StoredManifest> manifests) {

        Going {
            manifests = List.copyOf(manifests);
        }
    }
}
