package io.keyvaultbackup.reliability;

import com.azure.core.http.HttpClient;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.store.azure.BlobContainerStore;
import io.keyvaultbackup.store.azure.BlobContainers;
import io.keyvaultbackup.store.azure.ContainerAccess;
import io.keyvaultbackup.store.azure.QuickLeases;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * The Blob Storage store with the program's own clients, for which two seconds' silence is a minute's; and its leases, which are asked for again without waiting,
 * and renewed as if they lasted three seconds.
 */
@TestConfiguration(proxyBeanMethods = false)
class QuickBlobStorage {

    @Bean
    @Primary
    BackupStore quickBlobStore(StoreProperties properties, HttpClient azureHttpClient) {
        ContainerAccess access = new ContainerAccess.ConnectionString(
                Objects.requireNonNull(properties.connectionString()), Objects.requireNonNull(properties.container()));
        return new BlobContainerStore(BlobContainers.client(access, azureHttpClient, Duration.ofSeconds(2)));
    }

    @Bean
    @Primary
    Leases quickLeases(StoreProperties properties, HttpClient azureHttpClient, InstantSource clock) {
        ContainerAccess access = new ContainerAccess.ConnectionString(
                Objects.requireNonNull(properties.connectionString()),
                Objects.requireNonNull(properties.leaseContainerName()));
        return new QuickLeases(access, azureHttpClient, clock);
    }
}
