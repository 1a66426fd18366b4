package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** The addresses of runs, of vaults, and of what is chosen of them. Stateless. */
final class RunLinks {

    private RunLinks() {}

    static String run(SnapshotId run) {
        return "/runs/" + UriUtils.encodePathSegment(run.value(), StandardCharsets.UTF_8);
    }

    static String vault(VaultAddress vault) {
        return "/vaults/" + UriUtils.encodePathSegment(vault.storeName(), StandardCharsets.UTF_8);
    }

    /** The address with those of these parameters that have a value. */
    static String with(String address, Map<String, @Nullable String> parameters) {
        UriComponentsBuilder link = UriComponentsBuilder.fromPath(address);
        Map<String, String> values = new LinkedHashMap<>();
        parameters.forEach((name, value) -> {
            if (value != null && !value.isEmpty()) {
                link.queryParam(name, "{" + name + "}");
                values.put(name, value);
            }
        });
        return link.encode().buildAndExpand(values).toUriString();
    }
}
