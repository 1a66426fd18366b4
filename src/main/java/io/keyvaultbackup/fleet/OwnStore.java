package io.keyvaultbackup.fleet;

import io.keyvaultbackup.store.StoreProperties;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where one vault's copies are kept, in place of where all are: the parts of {@link StoreProperties} that name a place and the way to reach it. How
 * long a lease lasts is said of all. {@link #toString()} tells no secret.
 */
record OwnStore(
        @Nullable Path directory,
        @Nullable URI containerUrl,
        @Nullable String sasToken,
        @Nullable String connectionString,
        @Nullable String container,
        @Nullable String leaseContainer,
        @Nullable String leaseSasToken) {

    StoreProperties properties(Duration lease) {
        return new StoreProperties(
                directory, containerUrl, sasToken, connectionString, container, lease, leaseContainer, leaseSasToken);
    }

    @Override
    public String toString() {
        return properties(Duration.ZERO).toString();
    }
}
