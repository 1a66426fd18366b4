package io.keyvaultbackup.fleet.azure;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How Azure Resource Manager is reached.
 *
 * @param endpoint the address of Azure Resource Manager, where it is another than the cloud's own: a private link, or an emulator
 */
@ConfigurationProperties(ResourceGraphProperties.PREFIX)
record ResourceGraphProperties(@Nullable URI endpoint) {

    static final String PREFIX = "keyvault-backup.fleet.discovery";

    /** All that is wrong, in sentences; empty if nothing is. */
    List<String> problems() {
        return endpoint == null || ("https".equalsIgnoreCase(endpoint.getScheme()) && endpoint.getHost() != null)
                ? List.of()
                : List.of(PREFIX + ".endpoint: this is not an address of Azure Resource Manager; it looks like"
                        + " https://management.azure.com");
    }
}
