package io.keyvaultbackup.run;

/** Where vaults may be named, other than in {@code keyvault-backup.vaults}. A bean of whoever reads that part of the configuration. */
@FunctionalInterface
public interface VaultSource {

    /** Whether any are, or will be. */
    boolean namesVaults();
}
