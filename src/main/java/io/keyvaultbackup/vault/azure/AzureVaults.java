package io.keyvaultbackup.vault.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.security.keyvault.certificates.CertificateClient;
import com.azure.security.keyvault.certificates.CertificateClientBuilder;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.KeyClientBuilder;
import com.azure.security.keyvault.keys.cryptography.CryptographyClientBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.signature.KeyId;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.ScratchVault;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultDoor;
import io.keyvaultbackup.vault.Vaults;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/** Opens vaults with the SDK's clients, whose own retries are off so that no 429 is hidden from whoever paces the calls. */
final class AzureVaults implements Vaults {

    private static final RetryOptions NO_RETRIES = new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1)));

    private final TokenCredential credential;
    private final HttpClient bufferingClient;
    private final HttpClient changingClient;
    private final HttpClient httpClient;
    private final boolean verifyChallengeResource;
    private final Duration responseTimeout;
    private final InstantSource clock;

    AzureVaults(TokenCredential credential, HttpClient httpClient, AzureProperties properties, InstantSource clock) {
        this.credential = credential;
        BufferingHttpClient buffering = new BufferingHttpClient(httpClient);
        this.bufferingClient = buffering;
        this.changingClient = new NamedObjectHttpClient(buffering);
        this.httpClient = new MemoryBoundHttpClient(httpClient);
        this.verifyChallengeResource = properties.verifyChallengeResource();
        this.responseTimeout = properties.responseTimeout();
        this.clock = clock;
    }

    @Override
    public Vault open(URI uri) {
        return new AzureVault(
                uri,
                secrets(uri, httpClient),
                keys(uri, httpClient),
                certificates(uri, httpClient),
                responseTimeout,
                clock);
    }

    @Override
    public RestoreTarget restoreTarget(URI uri) {
        return new AzureRestoreTarget(
                uri,
                secrets(uri, changingClient),
                keys(uri, changingClient),
                certificates(uri, changingClient),
                new AzureDeletedObjects(secrets(uri, httpClient), keys(uri, httpClient), certificates(uri, httpClient)),
                responseTimeout,
                clock);
    }

    @Override
    public ScratchVault scratch(URI uri) {
        return new AzureScratchVault(
                uri, secrets(uri, changingClient), keys(uri, changingClient), certificates(uri, changingClient), clock);
    }

    @Override
    public VaultDoor door(URI uri) {
        return new AzureVaultDoor(
                uri, httpClient, secrets(uri, httpClient), keys(uri, httpClient), certificates(uri, httpClient), clock);
    }

    /** Signs with a key of some vault, whose permission to sign is all that is needed: the key itself is not read. */
    Signer signer(KeyId key) {
        CryptographyClientBuilder builder = new CryptographyClientBuilder()
                .keyIdentifier(key.toString())
                .credential(credential)
                .httpClient(bufferingClient)
                .retryOptions(NO_RETRIES)
                .disableKeyCaching();
        return new KeyVaultSigner(
                (verifyChallengeResource ? builder : builder.disableChallengeResourceVerification()).buildClient(),
                key.toString(),
                key.vault().uri().getAuthority(),
                clock);
    }

    private SecretClient secrets(URI uri, HttpClient client) {
        SecretClientBuilder builder = new SecretClientBuilder()
                .vaultUrl(uri.toString())
                .credential(credential)
                .httpClient(client)
                .retryOptions(NO_RETRIES);
        return (verifyChallengeResource ? builder : builder.disableChallengeResourceVerification()).buildClient();
    }

    private KeyClient keys(URI uri, HttpClient client) {
        KeyClientBuilder builder = new KeyClientBuilder()
                .vaultUrl(uri.toString())
                .credential(credential)
                .httpClient(client)
                .retryOptions(NO_RETRIES);
        return (verifyChallengeResource ? builder : builder.disableChallengeResourceVerification()).buildClient();
    }

    private CertificateClient certificates(URI uri, HttpClient client) {
        CertificateClientBuilder builder = new CertificateClientBuilder()
                .vaultUrl(uri.toString())
                .credential(credential)
                .httpClient(client)
                .retryOptions(NO_RETRIES);
        return (verifyChallengeResource ? builder : builder.disableChallengeResourceVerification()).buildClient();
    }
}
