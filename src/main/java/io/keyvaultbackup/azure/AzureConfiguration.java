package io.keyvaultbackup.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AzureProperties.class)
class AzureConfiguration {

    @Bean
    HttpClient azureHttpClient(AzureProperties properties, SslBundles sslBundles) {
        java.net.http.HttpClient.Builder jdkClient =
                java.net.http.HttpClient.newBuilder().executor(Executors.newVirtualThreadPerTaskExecutor());
        if (properties.sslBundle() != null) {
            jdkClient.sslContext(ExtraTrust.beside(sslBundles.getBundle(properties.sslBundle())));
        }
        return new JdkHttpClientBuilder(jdkClient)
                .connectionTimeout(properties.connectTimeout())
                .responseTimeout(properties.responseTimeout())
                .readTimeout(properties.responseTimeout())
                .build();
    }

    /** AZURE_TOKEN_CREDENTIALS narrows the chain, as with every tool that uses this SDK. */
    @Bean
    TokenCredential azureCredential(HttpClient azureHttpClient) {
        return new DefaultAzureCredentialBuilder().httpClient(azureHttpClient).build();
    }
}
