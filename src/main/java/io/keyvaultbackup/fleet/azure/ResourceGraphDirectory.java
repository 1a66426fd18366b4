package io.keyvaultbackup.fleet.azure;

import io.keyvaultbackup.fleet.DiscoveryException;
import io.keyvaultbackup.fleet.VaultDirectory;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.run.DiscoveredVault;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Key Vaults as Azure Resource Graph knows them. Managed HSMs are another resource type, and not among them. */
final class ResourceGraphDirectory implements VaultDirectory {

    /** Always these words: nothing of a configuration comes into it. */
    private static final String QUERY = """
            resources
            | where type =~ 'microsoft.keyvault/vaults'
            | project id, vaultUri = tostring(properties.vaultUri), subscriptionId, resourceGroup, location, \
            sku = tostring(properties.sku.name), purgeProtection = tobool(properties.enablePurgeProtection), \
            softDelete = tobool(properties.enableSoftDelete), tags
            | order by id asc""";

    private static final int MOST_LISTINGS = 3;

    private final ResourceRequests service;
    private final Patience patience;

    ResourceGraphDirectory(ResourceRequests service, Patience patience) {
        this.service = service;
        this.patience = patience;
    }

    @Override
    public Answer find(List<String> subscriptions) {
        List<String> remarks = new ArrayList<>();
        List<Unaddressed> unaddressed = new ArrayList<>();
        Map<VaultAddress, DiscoveredVault> vaults = new LinkedHashMap<>();
        for (Map<?, ?> row : rows(subscriptions)) {
            try {
                DiscoveredVault found = vault(row);
                vaults.putIfAbsent(found.vault(), found);
            } catch (IllegalArgumentException noVault) {
                unaddressed.add(unaddressed(row, String.valueOf(noVault.getMessage())));
            }
        }
        return new Answer(withGeographies(List.copyOf(vaults.values()), remarks), unaddressed, remarks);
    }

    /** Vaults that come or go between two pages may hide one: then it is begun anew, and an answer that lacks any is none. */
    private Collection<Map<?, ?>> rows(List<String> subscriptions) {
        for (int listing = 1; ; listing++) {
            Map<Object, Map<?, ?>> rows = new LinkedHashMap<>();
            long total = list(subscriptions, rows);
            if (rows.size() >= total) {
                return rows.values();
            }
            if (listing == MOST_LISTINGS) {
                throw ResourceManagerFailures.corrupt("it has " + rows.size() + " of " + total + " vaults", null);
            }
        }
    }

    /** @return how many rows there are, as the last page says */
    private long list(List<String> subscriptions, Map<Object, Map<?, ?>> rows) {
        Set<String> tokens = new HashSet<>();
        String next = null;
        long total;
        do {
            @Nullable String token = next;
            ResourceRequests.Page page = patience.call(() -> service.page(QUERY, subscriptions, token));
            page.rows().forEach(row -> rows.put(Objects.requireNonNullElse(row.get("id"), row), row));
            total = page.total();
            next = page.next();
        } while (next != null && !next.isEmpty() && tokens.add(next));
        return total;
    }

    private static DiscoveredVault vault(Map<?, ?> row) {
        return new DiscoveredVault(
                VaultAddress.parse(text(row.get("vaultUri"))),
                text(row.get("subscriptionId")).toLowerCase(Locale.ROOT),
                text(row.get("resourceGroup")),
                text(row.get("location")),
                null,
                row.get("sku") instanceof String sku && !sku.isEmpty() ? sku : null,
                Boolean.TRUE.equals(row.get("purgeProtection")),
                row.get("softDelete") instanceof Boolean told ? told : null,
                tags(row.get("tags")));
    }

    private static Unaddressed unaddressed(Map<?, ?> row, String why) {
        String id = text(row.get("id"));
        return new Unaddressed(
                id,
                id.substring(id.lastIndexOf('/') + 1),
                text(row.get("subscriptionId")).toLowerCase(Locale.ROOT),
                text(row.get("resourceGroup")),
                tags(row.get("tags")),
                why);
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static Map<String, String> tags(@Nullable Object value) {
        Map<String, String> tags = new HashMap<>();
        if (value instanceof Map<?, ?> given) {
            given.forEach((name, tag) -> tags.put(String.valueOf(name), tag == null ? "" : String.valueOf(tag)));
        }
        return tags;
    }

    /** A location has one geography, whichever subscription is asked; those that may not use a location do not tell of it. */
    private List<DiscoveredVault> withGeographies(List<DiscoveredVault> vaults, List<String> remarks) {
        Map<String, String> geographies = new HashMap<>();
        Set<String> asked = new HashSet<>();
        for (DiscoveredVault vault : vaults) {
            if (!geographies.containsKey(vault.location()) && asked.add(vault.subscription())) {
                try {
                    geographies.putAll(patience.call(() -> service.geographies(vault.subscription())));
                } catch (DiscoveryException failed) {
                    remarks.add("In which geography the vaults are could not be asked of subscription "
                            + vault.subscription() + ": " + failed.failure().describe());
                }
            }
        }
        return vaults.stream()
                .map(vault -> vault.withGeography(geographies.get(vault.location())))
                .toList();
    }
}
