package io.keyvaultbackup.fleet;

import io.keyvaultbackup.run.VaultSource;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Vaults of which something is said alone.
 *
 * @param vaults vaults beside those of keyvault-backup.vaults, each with its name (or host, or address) and what is said of it in place of what is
 *     said of all: kinds, include, exclude, budget, immutable-for, subscription, geography, objective (of keyvault-backup.dashboard); store, where its copies are kept, with the parts of
 *     keyvault-backup.store that name a place; retention, the rules by which forget keeps its snapshots in place of all general ones; and group, of
 *     which --group asks for
 */
@ConfigurationProperties(FleetProperties.PREFIX)
record FleetProperties(@DefaultValue List<ListedVault> vaults) implements VaultSource {

    static final String PREFIX = "keyvault-backup.fleet";

    @Override
    public boolean namesVaults() {
        return !vaults.isEmpty();
    }

    /**
     * All that is wrong, in sentences; empty if nothing is.
     *
     * @param oneStore whether the command line names one store for all
     */
    List<String> problems(
            String vaultSuffix, ProtectionProperties protection, StoreProperties store, boolean oneStore) {
        List<String> problems = new ArrayList<>();
        Map<VaultAddress, Integer> seen = new LinkedHashMap<>();
        for (int index = 0; index < vaults.size(); index++) {
            ListedVault vault = vaults.get(index);
            String vaultPlace = place(index);
            @Nullable OwnStore given = vault.store();
            Optional<String> unreadable = given == null ? Optional.empty() : given.problem();
            unreadable.ifPresent(problem -> problems.add(vaultPlace + ".store." + problem));
            @Nullable
            StoreProperties own = given == null || unreadable.isPresent() ? null : given.properties(store.lease());
            List<String> ofVault = vault.problems(vaultSuffix, protection, own == null || oneStore ? store : own);
            for (String problem : ofVault) {
                problems.add(place(index) + "." + problem);
            }
            if (own != null) {
                problems.addAll(own.problems(place(index) + ".store"));
            }
            if (ofVault.isEmpty()) {
                VaultAddress address = vault.address(vaultSuffix);
                Integer before = seen.putIfAbsent(address, index);
                if (before != null && !vaults.get(before).unnamed().equals(vault.unnamed())) {
                    problems.add(named(before) + " and " + named(index) + " are one vault, " + address
                            + ", and different things are said of it. Keep one of them.");
                }
            }
        }
        return problems;
    }

    private String named(int index) {
        return place(index) + " (" + vaults.get(index).name() + ")";
    }

    private static String place(int index) {
        return PREFIX + ".vaults[" + index + "]";
    }
}
