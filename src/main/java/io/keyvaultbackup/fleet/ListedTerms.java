package io.keyvaultbackup.fleet;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.OwnPolicies;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.store.StoreRoutes;
import java.util.Map;
import java.util.TreeMap;

/** The stores and the retention that listed vaults have of their own, as far as the command line does not stand in place of them. Immutable. */
final class ListedTerms implements StoreRoutes, OwnPolicies {

    private final FleetProperties properties;
    private final String vaultSuffix;
    private final StoreProperties general;
    private final CommandLine commandLine;

    /** @param properties without {@linkplain FleetProperties#problems problems} */
    ListedTerms(FleetProperties properties, AzureProperties azure, StoreProperties general, CommandLine commandLine) {
        this.properties = properties;
        this.vaultSuffix = azure.cloud().vaultSuffix();
        this.general = general;
        this.commandLine = commandLine;
    }

    @Override
    public Map<String, StoreProperties> own() {
        Map<String, StoreProperties> own = new TreeMap<>();
        if (!commandLine.namesStore()) {
            for (ListedVault vault : properties.vaults()) {
                if (vault.store() != null) {
                    own.putIfAbsent(storeName(vault), vault.store().properties(general.lease()));
                }
            }
        }
        return own;
    }

    @Override
    public Map<String, KeepPolicy> byVault() {
        OwnRetention options = commandLine.retention();
        Map<String, KeepPolicy> own = new TreeMap<>();
        for (ListedVault vault : properties.vaults()) {
            if (vault.retention() != null) {
                own.putIfAbsent(
                        storeName(vault), vault.retention().under(options).policy());
            }
        }
        return own;
    }

    private String storeName(ListedVault vault) {
        return vault.address(vaultSuffix).storeName();
    }
}
