package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The vaults that a verb is about.
 *
 * @param vaults in the order in which they are named
 */
public record FleetList(Set<VaultAddress> vaults) {

    public FleetList {
        vaults = Collections.unmodifiableSet(new LinkedHashSet<>(vaults));
    }
}
