package io.keyvaultbackup.store.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.storage.blob.BlobContainerClient;
import io.keyvaultbackup.examination.Examination;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobProtection;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.store.StoreProperties;
import java.net.URI;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@Conditional(BlobContainerStoreConfiguration.ContainerIsNamed.class)
public class BlobContainerStoreConfiguration {

    @Bean
    @Lazy
    BackupStore blobContainerStore(
            StoreProperties properties,
            ProtectionProperties protection,
            TokenCredential azureCredential,
            HttpClient azureHttpClient) {
        return new BlobContainerStore(
                client(properties, azureCredential, azureHttpClient), protection.immutabilityMode());
    }

    @Bean
    @Lazy
    BlobRemoval blobContainerRemoval(
            StoreProperties properties,
            TokenCredential azureCredential,
            HttpClient azureHttpClient,
            InstantSource clock) {
        return new BlobContainerRemoval(client(properties, azureCredential, azureHttpClient), clock);
    }

    @Bean
    @Lazy
    BlobProtection blobContainerProtection(
            StoreProperties properties,
            ProtectionProperties protection,
            TokenCredential azureCredential,
            HttpClient azureHttpClient) {
        return new BlobContainerProtection(
                client(properties, azureCredential, azureHttpClient), protection.immutabilityMode());
    }

    @Bean
    @Lazy
    Leases blobLeases(
            StoreProperties properties,
            TokenCredential azureCredential,
            HttpClient azureHttpClient,
            InstantSource clock) {
        ContainerAccess access = LeaseAccess.of(access(properties, azureCredential), properties);
        return new BlobLeases(
                BlobContainers.leaseClient(access, azureHttpClient, properties.lease()), properties.lease(), clock);
    }

    @Bean
    @Lazy
    Examination blobContainerExamination(
            StoreProperties properties,
            ProtectionProperties protection,
            TokenCredential azureCredential,
            HttpClient azureHttpClient,
            InstantSource clock) {
        return new BlobContainerExamination(client(properties, azureCredential, azureHttpClient), protection, clock);
    }

    private static BlobContainerClient client(
            StoreProperties properties, TokenCredential credential, HttpClient httpClient) {
        return BlobContainers.client(access(properties, credential), httpClient, BlobContainers.DEFAULT_TRY_TIMEOUT);
    }

    private static ContainerAccess access(StoreProperties properties, TokenCredential credential) {
        if (properties.connectionString() != null) {
            return new ContainerAccess.ConnectionString(
                    properties.connectionString(), Objects.requireNonNull(properties.container()));
        }
        URI url = Objects.requireNonNull(properties.containerUrl());
        return properties.sasToken() == null
                ? new ContainerAccess.Identity(url, credential)
                : new ContainerAccess.SasToken(url, properties.sasToken());
    }

    /** An empty value is none, as everywhere. */
    static final class ContainerIsNamed implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return Stream.of("container-url", "connection-string")
                    .map(property -> context.getEnvironment().getProperty("keyvault-backup.store." + property))
                    .anyMatch(StringUtils::hasText);
        }
    }
}
