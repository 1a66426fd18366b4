package io.keyvaultbackup.cli;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.StoreRoutes;
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
     * @param stop given, it breaks off a discovery that is under way, with all that this waits for
     * @throws RunRefusedException if there is no vault of that group, or a stop was given
     */
    static FleetList toBackUp(
            ApplicationContext context, PlacesOptions places, @Nullable String group, boolean keep, StopSignal stop) {
        return list(context, new Fleet.Question(namedAlone(context), places.nameVaults(), group, keep), stop);
    }

    /** Those that are named, none of which need be discovered; where they are is asked all the same. */
    static FleetList named(ApplicationContext context, StopSignal stop) {
        return list(context, new Fleet.Question(namedAlone(context), true, null, false), stop);
    }

    private static FleetList list(ApplicationContext context, Fleet.Question question, StopSignal stop) {
        Fleet fleet = context.getBean(Fleet.class);
        if (!fleet.isDiscovered()) {
            return fleet.list(question);
        }
        try {
            return StoppableCalls.thatMayBreakOff(stop).call(() -> fleet.list(question));
        } catch (StoppedException stopped) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.STOPPED,
                    "It was stopped while Azure was asked which vaults there are; nothing was begun. The same command again does it.");
        }
    }

    /** Those of whose snapshots a verb is to know; empty for all that the store has. */
    static Set<VaultAddress> inStore(ApplicationContext context, PlacesOptions places) {
        return !places.nameVaults() && context.getBean(Fleet.class).isDiscovered() ? Set.of() : named(context, places);
    }

    /** Those, by their parts of the store's names, that have a store of their own. */
    static Set<String> withOwnStores(ApplicationContext context) {
        return context.getBean(StoreRoutes.class).own().keySet();
    }

    /** Those of which the store is to have snapshots, whether they are named or were discovered once; nobody but the store is asked. */
    static FleetList expectedInStore(ApplicationContext context) {
        return context.getBean(Fleet.class).lastKnown(namedAlone(context));
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
