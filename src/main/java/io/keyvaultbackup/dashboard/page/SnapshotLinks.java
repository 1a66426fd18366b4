package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.Map;
import org.springframework.web.util.UriComponentsBuilder;

/** The addresses of snapshots and what is in them. Names come from a store, and are written so that they stay one part of an address. Stateless. */
final class SnapshotLinks {

    private SnapshotLinks() {}

    static String vault(VaultAddress vault) {
        return link("vaults", vault.storeName());
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

    private static String link(String... parts) {
        return UriComponentsBuilder.fromPath("/")
                .pathSegment(parts)
                .encode()
                .build()
                .toUriString();
    }

    /** The same address with other parameters; those that are empty are left out. */
    static String with(String path, Map<String, String> parameters) {
        UriComponentsBuilder link = UriComponentsBuilder.newInstance();
        parameters.forEach((name, value) -> {
            if (!value.isEmpty()) {
                link.queryParam(name, value);
            }
        });
        return path + link.encode().build().toUriString();
    }
}
