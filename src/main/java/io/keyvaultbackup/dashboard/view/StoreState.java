package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.run.SnapshotId;
import java.util.Map;
import java.util.Set;

/**
 * What the store told of vaults.
 *
 * @param location for people
 * @param folders the vaults that it has something of, by their folders' names
 * @param complete the newest snapshot of each that says of itself that it is complete, of those vaults that were looked into
 * @param failed why the store of a vault did not tell, in words for people
 */
public record StoreState(
        String location, Set<String> folders, Map<String, SnapshotId> complete, Map<String, String> failed) {

    public StoreState {
        folders = Set.copyOf(folders);
        complete = Map.copyOf(complete);
        failed = Map.copyOf(failed);
    }
}
