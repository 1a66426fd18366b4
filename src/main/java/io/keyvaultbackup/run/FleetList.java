package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The vaults that a verb is about.
 *
 * @param vaults in the order in which they are named, the discovered ones last
 * @param discovery null where the configuration wants none
 */
public record FleetList(Set<VaultAddress> vaults, @Nullable Discovery discovery) {

    public FleetList {
        vaults = Collections.unmodifiableSet(new LinkedHashSet<>(vaults));
    }
}
