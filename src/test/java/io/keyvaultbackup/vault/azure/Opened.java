package io.keyvaultbackup.vault.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Context;
import com.azure.identity.DefaultAzureCredentialBuilder;
import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultException;
import io.keyvaultbackup.vault.Vaults;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import reactor.core.publisher.Mono;

/** Vaults as the application opens them, trusting an emulator. */
public final class Opened {

    private Opened() {}

    private static final Duration GENEROUS = Duration.ofSeconds(60);

    static Vault vault(KeyVaultEmulator emulator, URI uri) {
        return vaults(emulator).open(uri);
    }

    public static Vaults vaults(KeyVaultEmulator emulator) {
        return vaults(java.net.http.HttpClient.newBuilder().sslContext(emulator.sslContext()), () -> GENEROUS);
    }

    /** @param responseTimeout asked for each request, so that a test can be impatient with a single one */
    static Vault vault(KeyVaultEmulator emulator, URI uri, Supplier<Duration> responseTimeout) {
        return vaults(java.net.http.HttpClient.newBuilder().sslContext(emulator.sslContext()), responseTimeout)
                .open(uri);
    }

    /** Trusts what the JDK trusts, and so no emulator. */
    static Vault untrusting(URI uri) {
        return vaults(java.net.http.HttpClient.newBuilder(), () -> GENEROUS).open(uri);
    }

    private static Vaults vaults(java.net.http.HttpClient.Builder client, Supplier<Duration> responseTimeout) {
        HttpClient jdk = new JdkHttpClientBuilder(client.executor(Executors.newVirtualThreadPerTaskExecutor()))
                .connectionTimeout(GENEROUS)
                .responseTimeout(GENEROUS)
                .readTimeout(GENEROUS)
                .build();
        HttpClient transport = new TimedTransport(jdk, responseTimeout);
        AzureProperties properties = properties();
        return new AzureVaults(
                new DefaultAzureCredentialBuilder().httpClient(transport).build(),
                transport,
                properties,
                InstantSource.system());
    }

    private static AzureProperties properties() {
        return new Binder(new MapConfigurationPropertySource(
                        Map.of("keyvault-backup.azure.verify-challenge-resource", false)))
                .bind("keyvault-backup.azure", AzureProperties.class)
                .get();
    }

    /** What the call fails with. */
    static Failure failureOf(ThrowingCallable call) {
        return Assertions.catchThrowableOfType(VaultException.class, call).failure();
    }

    /** The limit of each request is the one that holds when it is sent. */
    private record TimedTransport(HttpClient client, Supplier<Duration> responseTimeout) implements HttpClient {

        @Override
        public Mono<HttpResponse> send(HttpRequest request) {
            return client.send(request);
        }

        @Override
        public HttpResponse sendSync(HttpRequest request, Context context) {
            return client.sendSync(request, context.addData("azure-response-timeout", responseTimeout.get()));
        }
    }
}
