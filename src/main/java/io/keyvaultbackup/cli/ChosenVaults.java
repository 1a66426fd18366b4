package io.keyvaultbackup.cli;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;

/** Which vaults a verb is about: those of the command line alone, or else all that the configuration names. Stateless. */
final class ChosenVaults {

    private ChosenVaults() {}

    /**
     * Those to back up, or to examine as for a backup.
     *
     * @param group only vaults of this schedule group; null for all
     * @throws RunRefusedException if the configuration has no vault of that group
     */
    static FleetList toBackUp(ApplicationContext context, PlacesOptions places, @Nullable String group) {
        return context.getBean(Fleet.class).list(new Fleet.Question(named(context), places.nameVaults(), group));
    }

    /** Those that are named one by one; empty if none is. */
    static Set<VaultAddress> named(ApplicationContext context, PlacesOptions places) {
        Set<VaultAddress> named = new LinkedHashSet<>(named(context));
        if (!places.nameVaults()) {
            named.addAll(context.getBean(Fleet.class).listed());
        }
        return named;
    }

    private static Set<VaultAddress> named(ApplicationContext context) {
        return context.getBean(BackupSelectionProperties.class)
                .addresses(context.getBean(AzureProperties.class).cloud().vaultSuffix());
    }
}
