package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vault as Azure Resource Manager tells of it; null is not told.
 *
 * @param subscription its subscription's id, lower case
 * @param location such as {@code westeurope}
 * @param geography what Azure names the location's geography, such as {@code Europe}
 * @param sku standard or premium
 * @param tags those that the configuration asks for, by their names in lower case
 */
public record DiscoveredVault(
        VaultAddress vault,
        String subscription,
        String resourceGroup,
        String location,
        @Nullable String geography,
        @Nullable String sku,
        boolean purgeProtection,
        @Nullable Boolean softDelete,
        Map<String, String> tags) {

    public DiscoveredVault {
        tags = Map.copyOf(tags);
    }

    public DiscoveredVault withGeography(@Nullable String told) {
        return new DiscoveredVault(
                vault, subscription, resourceGroup, location, told, sku, purgeProtection, softDelete, tags);
    }

    public DiscoveredVault withTags(Map<String, String> only) {
        return new DiscoveredVault(
                vault, subscription, resourceGroup, location, geography, sku, purgeProtection, softDelete, only);
    }
}
