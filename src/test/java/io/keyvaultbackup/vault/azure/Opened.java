package io.keyvaultbackup.vault.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Vaults as the application opens them, trusting an emulator. */
final class Opened {

    private Opened() {}

    static Vault vault(KeyVaultEmulator emulator, URI uri) {
        return vault(emulator, uri, Duration.ofSeconds(60));
    }

    static Vault vault(KeyVaultEmulator emulator, URI uri, Duration responseTimeout) {
        return vault(java.net.http.HttpClient.newBuilder().sslContext(emulator.sslContext()), uri, responseTimeout);
    }

    /** Trusts what the JDK trusts, and so no emulator. */
    static Vault untrusting(URI uri) {
        return vault(java.net.http.HttpClient.newBuilder(), uri, Duration.ofSeconds(60));
    }

    private static Vault vault(java.net.http.HttpClient.Builder client, URI uri, Duration responseTimeout) {
        HttpClient transport = new JdkHttpClientBuilder(client.executor(Executors.newVirtualThreadPerTaskExecutor()))
                .connectionTimeout(Duration.ofSeconds(10))
                .responseTimeout(responseTimeout)
                .readTimeout(responseTimeout)
                .build();
        AzureProperties properties = properties(responseTimeout);
        return new AzureVaults(
                        new DefaultAzureCredentialBuilder()
                                .httpClient(transport)
                                .build(),
                        transport,
                        properties)
                .open(uri);
    }

    private static AzureProperties properties(Duration responseTimeout) {
        return new Binder(new MapConfigurationPropertySource(Map.of(
                        "keyvault-backup.azure.response-timeout",
                        responseTimeout,
                        "keyvault-backup.azure.verify-challenge-resource",
                        false)))
                .bind("keyvault-backup.azure", AzureProperties.class)
                .get();
    }

    /** What the call fails with. */
    static Failure failureOf(ThrowingCallable call) {
        return Assertions.catchThrowableOfType(VaultException.class, call).failure();
    }
}
