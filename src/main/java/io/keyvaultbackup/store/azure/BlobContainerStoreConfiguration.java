package io.keyvaultbackup.store.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.store.StoreKind;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
public class BlobContainerStoreConfiguration {

    @Bean
    @Lazy
    StoreKind blobContainers(
            ProtectionProperties protection,
            ObjectProvider<TokenCredential> azureCredential,
            ObjectProvider<HttpClient> azureHttpClient,
            InstantSource clock) {
        return new BlobContainerKind(protection, azureCredential::getObject, azureHttpClient::getObject, clock);
    }
}
