package io.keyvaultbackup.restore;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.ManagedIdentityCredential;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.security.keyvault.certificates.CertificateClient;
import com.azure.security.keyvault.certificates.CertificateClientBuilder;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.KeyClientBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;

/** The plain SDK, which az and PowerShell do what, too: it knows nothing of this project. */
record PlainClients(SecretClient secrets, KeyClient keys, CertificateClient certificates) {

    static PlainClients of(KeyVaultEmulator emulator, EmulatedVault vault) {
        HttpClient transport = new JdkHttpClientBuilder(
                        java.net.http.HttpClient.newBuilder().sslContext(emulator.sslContext()))
                .build();
        ManagedIdentityCredential credential = new ManagedIdentityCredentialBuilder().build();
        String url = vault.uri().toString();
        return new PlainClients(
                new SecretClientBuilder()
                        .vaultUrl(url)
                        .credential(credential)
                        .httpClient(transport)
                        .disableChallengeResourceVerification()
                        .buildClient(),
                new KeyClientBuilder()
                        .vaultUrl(url)
                        .credential(credential)
                        .httpClient(transport)
                        .disableChallengeResourceVerification()
                        .buildClient(),
                new CertificateClientBuilder()
                        .vaultUrl(url)
                        .credential(credential)
                        .httpClient(transport)
                        .disableChallengeResourceVerification()
                        .buildClient());
    }

    byte[] backup(String kind, String name) {
        return switch (kind) {
            case "secret" -> secrets.backupSecret(name);
            case "key" -> keys.backupKey(name);
            default -> certificates.backupCertificate(name);
        };
    }

    String restore(String kind, byte[] backup) {
        return switch (kind) {
            case "secret" -> secrets.restoreSecretBackup(backup).getName();
            case "key" -> keys.restoreKeyBackup(backup).getName();
            default -> certificates.restoreCertificateBackup(backup).getName();
        };
    }
}
