package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.SnapshotLabels;
import io.keyvaultbackup.snapshot.StoredLabels;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A snapshot and its labels. */
record LabelledSnapshot(StoredSnapshot snapshot, StoredLabels labels) {

    /** All of them, in the same order; the labels of each vault are listed once. */
    static List<LabelledSnapshot> of(List<StoredSnapshot> snapshots, SnapshotLabels labels) {
        Map<String, Map<SnapshotId, StoredLabels>> ofVaults = new HashMap<>();
        List<LabelledSnapshot> labelled = new ArrayList<>();
        for (StoredSnapshot snapshot : snapshots) {
            labelled.add(new LabelledSnapshot(
                    snapshot,
                    ofVaults.computeIfAbsent(snapshot.vault(), labels::of)
                            .getOrDefault(snapshot.id(), StoredLabels.NONE)));
        }
        return labelled;
    }
}
