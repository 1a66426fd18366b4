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
     * @param keep whether what is discovered may be kept in the store
     * @throws RunRefusedException if there is no vault of that group
     */
    static FleetList toBackUp(ApplicationContext context, PlacesOptions places, @Nullable String group, boolean keep) {
        return context.getBean(Fleet.class)
                .list(new Fleet.Question(namedAlone(context), places.nameVaults(), group, keep));
    }

    /** Those that are named, none of which need be discovered; where they are is asked all the same. */
    static FleetList named(ApplicationContext context) {
        return context.getBean(Fleet.class).list(new Fleet.Question(namedAlone(context), true, null, false));
    }

    /** Those of whose snapshots a verb is to know; empty for all that the store has. */
    static Set<VaultAddress> inStore(ApplicationContext context, PlacesOptions places) {
        return !places.nameVaults() && context.getBean(Fleet.class).isDiscovered() ? Set.of() : named(context, places);
    }

    /** Those that are named one by one; empty if none is. */
    static Set<VaultAddress> named(ApplicationContext context, PlacesOptions places) {
        Set<VaultAddress> named = new LinkedHashSet<>(namedAlone(context));
        if (!places.nameVaults()) {
            named.addAll(context.getBean(Fleet.class).listed());
        }
        return named;
    }

    private static Set<VaultAddress> namedAlone(ApplicationContext context) {
        return context.getBean(BackupSelectionProperties.class)
                .addresses(context.getBean(AzureProperties.class).cloud().vaultSuffix());
    }
}
