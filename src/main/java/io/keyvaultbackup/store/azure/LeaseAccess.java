package io.keyvaultbackup.store.azure;

import io.keyvaultbackup.store.StoreProperties;
import java.net.URI;
import java.util.Objects;

/** How the container of the leases is used: beside the one of the backups, by the same right. Stateless. */
final class LeaseAccess {

    private LeaseAccess() {}

    static ContainerAccess of(ContainerAccess backups, StoreProperties properties) {
        String name = Objects.requireNonNull(properties.leaseContainerName());
        return switch (backups) {
            case ContainerAccess.ConnectionString string ->
                new ContainerAccess.ConnectionString(string.connectionString(), name);
            case ContainerAccess.Identity identity ->
                new ContainerAccess.Identity(beside(identity.containerUrl(), name), identity.credential());
            case ContainerAccess.SasToken token ->
                new ContainerAccess.SasToken(
                        beside(token.containerUrl(), name),
                        Objects.requireNonNullElse(properties.leaseSasToken(), token.sasToken()));
        };
    }

    private static URI beside(URI containerUrl, String name) {
        return URI.create(containerUrl.toString().replaceFirst("[^/]+/*$", name));
    }
}
