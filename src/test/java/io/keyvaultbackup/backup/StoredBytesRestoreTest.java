package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.ManagedIdentityCredential;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.security.keyvault.certificates.CertificateClientBuilder;
import com.azure.security.keyvault.keys.KeyClientBuilder;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.VaultSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copies are good: the plain SDK, which knows nothing of this project, restores every one of them. */
class StoredBytesRestoreTest {

    private static KeyVaultEmulator emulator;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @Test
    void everyStoredObjectRestoresIntoAnotherVaultOfTheSameSubscription() {
        // given a backup of a vault with objects of every sort
        EmulatedVault vault = emulator.vault("original");
        vault.secrets("app", 30);
        vault.secret("rotated").versions(40);
        vault.secret("off").disabled().tag("team", "a");
        vault.key("signing").versions(3);
        vault.certificate("site").versions(2);
        Bench bench = new Bench(directory, emulator);
        assertThat(bench.backUp(vault).exitCode()).isZero();

        // when each blob of the store is restored with the SDK's clients
        EmulatedVault second = emulator.vault(VaultSettings.of("second"));
        bench.blobs().forEach((name, bytes) -> restore(second, name, bytes));

        // then the second vault holds the same objects with the same versions
        assertThat(contents(second)).isEqualTo(contents(vault));
        assertThat(second.objects()).hasSize(36);
    }

    @Test
    void anotherSubscriptionCannotOpenThem() {
        EmulatedVault vault = emulator.vault("confidential");
        vault.secret("app");
        Bench bench = new Bench(directory, emulator);
        assertThat(bench.backUp(vault).exitCode()).isZero();

        EmulatedVault foreign =
                emulator.vault(VaultSettings.of("foreign").withSubscription("00000000-0000-0000-0000-000000000002"));

        assertThatThrownBy(() -> bench.blobs().forEach((name, bytes) -> restore(foreign, name, bytes)))
                .isInstanceOf(HttpResponseException.class)
                .hasMessageContaining("Cannot decrypt backup blob");
    }

    private static Map<String, Object> contents(EmulatedVault vault) {
        return vault.objects().stream()
                .collect(Collectors.toMap(
                        object -> object.kind() + "/" + object.name(),
                        (Function<EmulatedObject, Object>) EmulatedObject::versions));
    }

    private static void restore(EmulatedVault target, String name, byte[] bytes) {
        HttpClient transport = new JdkHttpClientBuilder(
                        java.net.http.HttpClient.newBuilder().sslContext(emulator.sslContext()))
                .build();
        ManagedIdentityCredential credential = new ManagedIdentityCredentialBuilder().build();
        String url = target.uri().toString();
        if (name.contains("/secret/")) {
            new SecretClientBuilder()
                    .vaultUrl(url)
                    .credential(credential)
                    .httpClient(transport)
                    .disableChallengeResourceVerification()
                    .buildClient()
                    .restoreSecretBackup(bytes);
        } else if (name.contains("/key/")) {
            new KeyClientBuilder()
                    .vaultUrl(url)
                    .credential(credential)
                    .httpClient(transport)
                    .disableChallengeResourceVerification()
                    .buildClient()
                    .restoreKeyBackup(bytes);
        } else if (name.contains("/certificate/")) {
            new CertificateClientBuilder()
                    .vaultUrl(url)
                    .credential(credential)
                    .httpClient(transport)
                    .disableChallengeResourceVerification()
                    .buildClient()
                    .restoreCertificateBackup(bytes);
        }
    }
}
