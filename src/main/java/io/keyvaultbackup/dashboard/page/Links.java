package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/** The addresses of what has a page. Names come from a store, and are written so that they stay one part of an address. Stateless. */
final class Links {

    private Links() {}

    static String vault(VaultAddress vault) {
        return link("vaults", vault.storeName());
    }

    static String run(SnapshotId run) {
        return link("runs", run.value());
    }

    static String request(String id) {
        return link("requests", id);
    }

    static String snapshots(VaultAddress vault) {
        return link("vaults", vault.storeName(), "snapshots");
    }

    static String snapshot(VaultAddress vault, SnapshotId snapshot) {
        return link("vaults", vault.storeName(), "snapshots", snapshot.value());
    }

    static String plan(VaultAddress vault, SnapshotId snapshot) {
        return link("vaults", vault.storeName(), "snapshots", snapshot.value(), "plan");
    }

    static String diff(VaultAddress vault) {
        return link("vaults", vault.storeName(), "diff");
    }

    static String object(VaultAddress vault, ObjectId object) {
        return link("vaults", vault.storeName(), "objects", object.kind().word(), object.name());
    }

    /** Each is a value of a template, taken in order whatever the places are called: braces in a name are none. */
    private static String link(String... parts) {
        return UriComponentsBuilder.fromPath("/{0}".repeat(parts.length))
                .encode()
                .buildAndExpand((Object[]) parts)
                .toUriString();
    }

    /** The address with those of these parameters that have a value. */
    static String with(String address, Map<String, ? extends @Nullable String> parameters) {
        UriComponentsBuilder query = UriComponentsBuilder.newInstance();
        Map<String, String> values = new LinkedHashMap<>();
        parameters.forEach((name, value) -> {
            if (value != null && !value.isEmpty()) {
                query.queryParam(name, "{" + name + "}");
                values.put(name, value);
            }
        });
        return address + query.encode().buildAndExpand(values).toUriString();
    }
}
