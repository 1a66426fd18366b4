package io.keyvaultbackup.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import io.keyvaultbackup.run.ConfigurationCheck;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** What this package gives to the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AzureProperties.class)
@Import(CurrentIdentity.class)
public class AzureConfiguration {

    @Bean
    static ConfigurationCheck azureCheck(AzureProperties properties, Environment environment) {
        return () -> {
            List<String> problems = new ArrayList<>(AzureProblems.of(properties, environment::getProperty));
            String bundle = properties.sslBundle();
            if (bundle != null && !isBundle(bundle, environment)) {
                problems.add(AzureProperties.PREFIX + ".ssl-bundle is " + bundle
                        + ", and there is no bundle of that name. Describe it, as spring.ssl.bundle.pem." + bundle
                        + ".truststore.certificate=file:/etc/ssl/private-ca.pem.");
            }
            return problems;
        };
    }

    private static boolean isBundle(String name, Environment environment) {
        Binder binder = Binder.get(environment);
        return List.of("pem", "jks").stream()
                .anyMatch(form -> binder.bind("spring.ssl.bundle." + form, Bindable.mapOf(String.class, Object.class))
                        .map(bundles -> bundles.containsKey(name))
                        .orElse(false));
    }

    @Bean
    HttpClient azureHttpClient(AzureProperties properties, SslBundles sslBundles, Environment environment) {
        SdkThreads.use();
        java.net.http.HttpClient.Builder jdkClient = trusting(properties, sslBundles);
        JdkHttpClientBuilder builder = new JdkHttpClientBuilder(jdkClient)
                .connectionTimeout(properties.connectTimeout())
                .responseTimeout(properties.responseTimeout())
                .readTimeout(properties.responseTimeout());
        ProxyRoute proxy = ProxyRoute.of(properties.proxy(), environment::getProperty);
        if (proxy != null) {
            ProxyUser.on(jdkClient, proxy);
            builder.configuration(com.azure.core.util.Configuration.NONE);
        }
        return new Transport(builder.build(), proxy);
    }

    /** For what is not Azure and may lie outside as well, such as the provider at which people log in: by the same proxy, with the same trust. */
    @Bean(destroyMethod = "shutdownNow")
    java.net.http.HttpClient outsideHttpClient(
            AzureProperties properties, SslBundles sslBundles, Environment environment) {
        java.net.http.HttpClient.Builder client =
                trusting(properties, sslBundles).connectTimeout(properties.connectTimeout());
        ProxyRoute proxy = ProxyRoute.of(properties.proxy(), environment::getProperty);
        if (proxy != null) {
            ProxyUser.on(client, proxy);
        }
        return client.build();
    }

    /**
     * On the JDK's own threads, not virtual ones: a handshake that is the first to use a class of the JDK keeps its carrier while it waits for that class, and
     * what the class waits for in turn, a log's lock, may have been promised to a virtual thread for which no carrier is left. (A hang with all logging, on two
     * cores.)
     */
    private static java.net.http.HttpClient.Builder trusting(AzureProperties properties, SslBundles sslBundles) {
        java.net.http.HttpClient.Builder client = java.net.http.HttpClient.newBuilder();
        if (properties.sslBundle() != null) {
            client.sslContext(ExtraTrust.beside(sslBundles.getBundle(properties.sslBundle())));
        }
        return client;
    }

    @Bean
    TokenCredential azureCredential(AzureProperties properties, HttpClient azureHttpClient, Environment environment) {
        return new FreshTokens(Credentials.of(Identity.of(properties, environment::getProperty), azureHttpClient));
    }
}
