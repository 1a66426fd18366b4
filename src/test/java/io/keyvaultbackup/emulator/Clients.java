package io.keyvaultbackup.emulator;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.http.policy.RetryOptions;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.security.keyvault.certificates.CertificateClient;
import com.azure.security.keyvault.certificates.CertificateClientBuilder;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.KeyClientBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;

/** The real SDK's clients of an emulated vault, without retries, and the raw answers that they got. */
final class Clients {

    /** What the SDK's own clients hide. */
    record RawAnswer(int status, HttpHeaders headers) {

        String header(String name) {
            String value = headers.getValue(HttpHeaderName.fromString(name));
            return value == null ? "" : value;
        }
    }

    private final EmulatedVault vault;
    private final HttpClient transport;
    private final TokenCredential credential;
    private final List<RawAnswer> answers = new CopyOnWriteArrayList<>();

    private Clients(EmulatedVault vault, HttpClient transport, TokenCredential credential) {
        this.vault = vault;
        this.transport = transport;
        this.credential = credential;
    }

    static HttpClient transport(KeyVaultEmulator emulator) {
        return new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder().sslContext(emulator.sslContext()))
                .build();
    }

    static Clients of(KeyVaultEmulator emulator, EmulatedVault vault) {
        return of(emulator, vault, new ManagedIdentityCredentialBuilder().build());
    }

    static Clients of(KeyVaultEmulator emulator, EmulatedVault vault, TokenCredential credential) {
        return new Clients(vault, transport(emulator), credential);
    }

    SecretClient secrets() {
        return new SecretClientBuilder()
                .vaultUrl(vault.uri().toString())
                .credential(credential)
                .httpClient(transport)
                .retryOptions(noRetries())
                .addPolicy(new Recorder())
                .disableChallengeResourceVerification()
                .buildClient();
    }

    KeyClient keys() {
        return new KeyClientBuilder()
                .vaultUrl(vault.uri().toString())
                .credential(credential)
                .httpClient(transport)
                .retryOptions(noRetries())
                .addPolicy(new Recorder())
                .disableChallengeResourceVerification()
                .buildClient();
    }

    CertificateClient certificates() {
        return new CertificateClientBuilder()
                .vaultUrl(vault.uri().toString())
                .credential(credential)
                .httpClient(transport)
                .retryOptions(noRetries())
                .addPolicy(new Recorder())
                .disableChallengeResourceVerification()
                .buildClient();
    }

    /** The answers so far, the oldest first. */
    List<RawAnswer> answers() {
        return answers;
    }

    RawAnswer lastAnswer() {
        return answers.getLast();
    }

    private static RetryOptions noRetries() {
        return new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1)));
    }

    private final class Recorder implements HttpPipelinePolicy {

        @Override
        public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
            return next.process().doOnNext(this::record);
        }

        @Override
        public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
            HttpResponse response = next.processSync();
            record(response);
            return response;
        }

        private void record(HttpResponse response) {
            answers.add(new RawAnswer(response.getStatusCode(), response.getHeaders()));
        }
    }
}
