package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.ConfigurationCheck;
import io.keyvaultbackup.run.VaultSource;
import java.util.List;

/** A vault must be named, unless the verb takes it from a run that is known. */
record VaultsAreNamed(BackupSelectionProperties properties, List<VaultSource> others) implements ConfigurationCheck {

    @Override
    public List<String> problems() {
        return properties.vaults().isEmpty() && others.stream().noneMatch(VaultSource::namesVaults)
                ? List.of("No vault is named. Give --vault NAME, or --vault https://NAME.vault.azure.net, or set"
                        + " keyvault-backup.vaults in config/application.yaml.")
                : List.of();
    }
}
