package io.keyvaultbackup.reliability;

import com.azure.core.http.HttpClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.store.azure.BlobContainerStore;
import java.time.Duration;
import java.util.Objects;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The Blob Storage store with as many tries as the program's, which wait milliseconds in place of seconds, and a minute's silence is two seconds'. */
@TestConfiguration(proxyBeanMethods = false)
class QuickBlobStorage {

    @Bean
    @Primary
    BackupStore quickBlobStore(StoreProperties properties, HttpClient azureHttpClient) {
        return new BlobContainerStore(new BlobContainerClientBuilder()
                .httpClient(azureHttpClient)
                .connectionString(Objects.requireNonNull(properties.connectionString()))
                .containerName(Objects.requireNonNull(properties.container()))
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.EXPONENTIAL,
                        4,
                        Duration.ofSeconds(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(80),
                        null))
                .buildClient());
    }
}
