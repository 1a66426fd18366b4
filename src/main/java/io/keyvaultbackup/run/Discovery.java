package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking Azure which vaults there are.
 *
 * @param vaults those that the configuration selects, by address
 * @param failure why it failed, or failed in part; then what it did not tell is of the last known list, if there is one
 * @param knownSince since when the last known list is as it is; null where it was not used
 * @param lastKnown how many of the vaults are of the last known list
 * @param gone selected vaults that the last known list has and that are not there any more, or not selected
 * @param remarks what people should know besides, in sentences
 * @param needed whether it decides which vaults are meant; otherwise it only tells more of them
 */
public record Discovery(
        List<DiscoveredVault> vaults,
        @Nullable Failure failure,
        @Nullable Instant knownSince,
        int lastKnown,
        List<VaultAddress> gone,
        List<String> remarks,
        boolean needed) {

    public Discovery {
        vaults = List.copyOf(vaults);
        gone = List.copyOf(gone);
        remarks = List.copyOf(remarks);
    }
}
