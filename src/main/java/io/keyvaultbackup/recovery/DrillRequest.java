package io.keyvaultbackup.recovery;

import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Set;

/**
 * What to try a restore of, and where.
 *
 * @param source the vault that the snapshot is of
 * @param scratch the vault that it is restored into and removed from again
 * @param sample how many objects; 0 for all
 * @param configured the vaults that are configured for backup, none of which is a place for trials
 */
public record DrillRequest(
        StoredSnapshot snapshot, VaultAddress source, VaultAddress scratch, int sample, Set<VaultAddress> configured) {

    public DrillRequest {
        configured = Set.copyOf(configured);
    }
}
