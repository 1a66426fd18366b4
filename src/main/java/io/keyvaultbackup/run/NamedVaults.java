package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Set;

/** The vaults that {@code keyvault-backup.vaults} names. A bean of whoever reads that part of the configuration. */
@FunctionalInterface
public interface NamedVaults {

    /** In the order in which they are named. */
    Set<VaultAddress> addresses();
}
