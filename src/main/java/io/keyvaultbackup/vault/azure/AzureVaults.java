package io.keyvaultbackup.vault.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.security.keyvault.certificates.CertificateClientBuilder;
import com.azure.security.keyvault.keys.KeyClientBuilder;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.Vaults;
import java.net.URI;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Opens vaults with the SDK's clients, whose own retries are off so that no 429 is hidden from whoever paces the calls. */
@Component
final class AzureVaults implements Vaults {

    private static final RetryOptions NO_RETRIES = new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1)));

    private final TokenCredential credential;
    private final HttpClient httpClient;
    private final boolean verifyChallengeResource;

    AzureVaults(TokenCredential credential, HttpClient httpClient, AzureProperties properties) {
        this.credential = credential;
        this.httpClient = new MemoryBoundHttpClient(httpClient);
        this.verifyChallengeResource = properties.verifyChallengeResource();
    }

    @Override
    public Vault open(URI uri) {
        SecretClientBuilder secrets = new SecretClientBuilder();
        KeyClientBuilder keys = new KeyClientBuilder();
        CertificateClientBuilder certificates = new CertificateClientBuilder();
        if (!verifyChallengeResource) {
            secrets.disableChallengeResourceVerification();
            keys.disableChallengeResourceVerification();
            certificates.disableChallengeResourceVerification();
        }
        String url = uri.toString();
        return new AzureVault(
                uri,
                secrets.vaultUrl(url)
                        .credential(credential)
                        .httpClient(httpClient)
                        .retryOptions(NO_RETRIES)
                        .buildClient(),
                keys.vaultUrl(url)
                        .credential(credential)
                        .httpClient(httpClient)
                        .retryOptions(NO_RETRIES)
                        .buildClient(),
                certificates
                        .vaultUrl(url)
                        .credential(credential)
                        .httpClient(httpClient)
                        .retryOptions(NO_RETRIES)
                        .buildClient());
    }
}
