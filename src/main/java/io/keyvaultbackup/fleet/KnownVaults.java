package io.keyvaultbackup.fleet;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.run.DiscoveredVault;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lists of vaults that were discovered, in the store: {@code fleet/vaults-{scope}-{time}.json}, a new one whenever one differs from the one
 * before. A folder of a vault is never named so. A list has all vaults, also those that the configuration does not select: what it selects may
 * change. The scope stands for what was asked for, so that two configurations that share a store do not take each other's list. Stateless.
 */
final class KnownVaults {

    static final String FOLDER = SnapshotNames.FLEET + "/";

    private static final int SCHEMA = 1;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SCOPE_LENGTH = 6;
    private static final int HASH_LENGTH = 6;

    /** Some 30,000 vaults, more than any tenant has; whoever may add blobs would else decide how much memory is taken. */
    private static final int LARGEST = 16 * 1024 * 1024;

    private final DiscoveryProperties properties;
    private final AzureProperties azure;
    private final ObjectProvider<BackupStore> stores;
    private final Patience patience;
    private final InstantSource clock;

    KnownVaults(
            DiscoveryProperties properties,
            AzureProperties azure,
            ObjectProvider<BackupStore> stores,
            Patience patience,
            InstantSource clock) {
        this.properties = properties;
        this.azure = azure;
        this.stores = stores;
        this.patience = patience;
        this.clock = clock;
    }

    /** @param since when it was first found so */
    record KnownList(Instant since, List<DiscoveredVault> vaults) {}

    /**
     * The latest that can be read; empty if there is none. Whoever may add blobs may add a list, and is not to choose which hosts are
     * contacted: an address that is not of the cloud's vaults counts only where the configuration names it, or lets vaults be anywhere.
     *
     * @param configured vaults that the configuration names one by one
     * @param remarks to which is added what could not be read, or was passed over
     */
    Optional<KnownList> latest(Set<VaultAddress> configured, List<String> remarks) {
        try {
            BackupStore store = stores.getObject();
            List<String> names = patience.call(() -> {
                try (Stream<StoredBlob> blobs = store.listNames(prefix())) {
                    return blobs.map(StoredBlob::name).toList();
                }
            });
            for (String name : names.reversed()) {
                try {
                    KnownList list = read(patience.call(() -> bytes(store, name)));
                    return Optional.of(new KnownList(
                            list.since(),
                            list.vaults().stream()
                                    .filter(found -> isVault(found.vault(), configured, name, remarks))
                                    .toList()));
                } catch (JacksonException | IllegalArgumentException | DateTimeParseException damaged) {
                    remarks.add("The list of vaults " + name + " in the store cannot be read, and is passed over.");
                }
            }
        } catch (FailureException failed) {
            remarks.add("The last known list of vaults could not be read from the store: "
                    + failed.failure().describe());
        }
        return Optional.empty();
    }

    private boolean isVault(VaultAddress address, Set<VaultAddress> configured, String list, List<String> remarks) {
        if (!azure.verifyChallengeResource()
                || configured.contains(address)
                || address.uri().getHost().endsWith("." + azure.cloud().vaultSuffix())) {
            return true;
        }
        remarks.add("The list of vaults " + list + " in the store names " + address
                + ", which is no vault's address in this cloud and is passed over. Find out who may write in the store; if it is a"
                + " vault, name it in " + FleetProperties.PREFIX + ".vaults.");
        return false;
    }

    /** Writes one more; what fails is a remark, since runs will tell of a store that takes nothing. */
    void keep(List<DiscoveredVault> vaults, List<String> remarks) {
        Instant now = clock.instant();
        byte[] bytes = written(now, vaults);
        String name = prefix() + TIME.format(now) + "-" + Sha256.of(bytes).substring(0, HASH_LENGTH) + ".json";
        try {
            patience.call(() -> stores.getObject().put(name, BlobContent.of(bytes), Map.of()));
        } catch (FailureException failed) {
            remarks.add("The list of vaults could not be kept in the store for a night when discovery fails: "
                    + failed.failure().describe());
        }
    }

    private String prefix() {
        String scope = String.join(",", properties.subscriptions()) + " " + String.join(",", properties.tagNames());
        return FOLDER + "vaults-"
                + Sha256.of(scope.getBytes(StandardCharsets.UTF_8)).substring(0, SCOPE_LENGTH) + "-";
    }

    private byte[] written(Instant now, List<DiscoveredVault> vaults) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("schemaVersion", SCHEMA);
        list.put("discoveredAt", now.toString());
        list.put("subscriptions", properties.subscriptions());
        list.put("vaults", vaults.stream().map(KnownVaults::written).toList());
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(list);
    }

    private static Map<String, @Nullable Object> written(DiscoveredVault found) {
        Map<String, @Nullable Object> vault = new LinkedHashMap<>();
        vault.put("vault", found.vault().toString());
        vault.put("subscription", found.subscription());
        vault.put("resourceGroup", found.resourceGroup());
        vault.put("location", found.location());
        vault.put("geography", found.geography());
        vault.put("sku", found.sku());
        vault.put("purgeProtection", found.purgeProtection());
        vault.put("softDelete", found.softDelete());
        vault.put("tags", found.tags());
        vault.values().removeIf(value -> value == null);
        return vault;
    }

    private static KnownList read(byte[] bytes) {
        JsonNode list = JSON.readTree(bytes);
        if (list.path("schemaVersion").asInt(0) != SCHEMA
                || !list.path("vaults").isArray()) {
            throw new IllegalArgumentException("not a list of vaults");
        }
        List<DiscoveredVault> vaults = new ArrayList<>();
        for (JsonNode vault : list.path("vaults")) {
            Map<String, String> tags = new TreeMap<>();
            vault.path("tags").forEachEntry((name, value) -> tags.put(name, value.asString()));
            vaults.add(new DiscoveredVault(
                    VaultAddress.parse(vault.path("vault").asString("")),
                    vault.path("subscription").asString(""),
                    vault.path("resourceGroup").asString(""),
                    vault.path("location").asString(""),
                    text(vault.path("geography")),
                    text(vault.path("sku")),
                    vault.path("purgeProtection").asBoolean(false),
                    vault.path("softDelete").isBoolean()
                            ? vault.path("softDelete").asBoolean()
                            : null,
                    tags));
        }
        return new KnownList(Instant.parse(list.path("discoveredAt").asString("")), vaults);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    private static byte[] bytes(BackupStore store, String name) {
        try (InputStream input = store.open(name)) {
            byte[] bytes = input.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IllegalArgumentException("larger than any list of vaults");
            }
            return bytes;
        } catch (IOException cutOff) {
            throw new DiscoveryException(
                    Failure.of(FailureReason.STORE_UNAVAILABLE, "the list " + name + " was cut off while it was read"),
                    cutOff);
        }
    }
}
