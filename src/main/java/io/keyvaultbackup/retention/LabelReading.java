package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.Labels;
import io.keyvaultbackup.snapshot.SnapshotLabels;
import io.keyvaultbackup.snapshot.StoredLabels;
import java.util.Map;
import java.util.function.Function;

/** Reads the labels of a vault's snapshots. No lease keeps people from pinning: what goes is looked at once more just before. */
interface LabelReading {

    Labels of(SnapshotId snapshot);

    /** All of them, read at once. */
    default Function<SnapshotId, Labels> all() {
        return this::of;
    }

    static LabelReading in(SnapshotLabels labels, String vault) {
        return new LabelReading() {
            @Override
            public Labels of(SnapshotId snapshot) {
                return labels.of(vault, snapshot).labels();
            }

            @Override
            public Function<SnapshotId, Labels> all() {
                Map<SnapshotId, StoredLabels> read = labels.of(vault);
                return snapshot ->
                        read.getOrDefault(snapshot, StoredLabels.NONE).labels();
            }
        };
    }
}
