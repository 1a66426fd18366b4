package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.nio.charset.StandardCharsets;
import org.springframework.web.util.UriUtils;

/** The addresses of what has a page. Stateless. */
final class Links {

    private Links() {}

    static String vault(VaultAddress vault) {
        return "/vaults/" + segment(vault.storeName());
    }

    static String run(SnapshotId run) {
        return "/runs/" + segment(run.value());
    }

    static String request(String id) {
        return "/requests/" + segment(id);
    }

    private static String segment(String text) {
        return UriUtils.encodePathSegment(text, StandardCharsets.UTF_8);
    }
}
