package io.keyvaultbackup.store.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreProperties;
import java.net.URI;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
@Conditional(BlobContainerStoreConfiguration.ContainerIsNamed.class)
class BlobContainerStoreConfiguration {

    @Bean
    @Lazy
    BackupStore blobContainerStore(
            StoreProperties properties, TokenCredential azureCredential, HttpClient azureHttpClient) {
        return new BlobContainerStore(BlobContainers.client(
                access(properties, azureCredential), azureHttpClient, BlobContainers.DEFAULT_TRY_TIMEOUT));
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

    static final class ContainerIsNamed extends AnyNestedCondition {

        ContainerIsNamed() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnProperty("keyvault-backup.store.container-url")
        static final class ByUrl {}

        @ConditionalOnProperty("keyvault-backup.store.connection-string")
        static final class ByConnectionString {}
    }
}
