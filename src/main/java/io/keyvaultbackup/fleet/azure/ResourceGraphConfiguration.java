package io.keyvaultbackup.fleet.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.fleet.VaultDirectory;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.ConfigurationCheck;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ResourceGraphProperties.class)
public class ResourceGraphConfiguration {

    @Bean
    static ConfigurationCheck resourceGraphCheck(ResourceGraphProperties properties) {
        return properties::problems;
    }

    @Bean
    @Lazy
    VaultDirectory resourceGraph(
            ResourceGraphProperties properties,
            AzureProperties azure,
            TokenCredential azureCredential,
            HttpClient azureHttpClient,
            Stopwatch stopwatch) {
        String cloud = azure.cloud().resourceManager();
        return new ResourceGraphDirectory(
                new ResourceRequests(
                        azureCredential,
                        azureHttpClient,
                        properties.endpoint() == null
                                ? cloud
                                : properties.endpoint().toString(),
                        cloud),
                new Patience(stopwatch));
    }
}
