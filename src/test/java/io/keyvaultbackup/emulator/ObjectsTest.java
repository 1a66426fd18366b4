package io.keyvaultbackup.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.security.keyvault.certificates.models.CertificateContentType;
import com.azure.security.keyvault.certificates.models.CertificatePolicy;
import com.azure.security.keyvault.certificates.models.ImportCertificateOptions;
import com.azure.security.keyvault.certificates.models.KeyVaultCertificate;
import com.azure.security.keyvault.keys.models.CreateEcKeyOptions;
import com.azure.security.keyvault.keys.models.CreateRsaKeyOptions;
import com.azure.security.keyvault.keys.models.ImportKeyOptions;
import com.azure.security.keyvault.keys.models.JsonWebKey;
import com.azure.security.keyvault.keys.models.KeyVaultKey;
import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ObjectsTest {

    private static KeyVaultEmulator emulator;

    @BeforeAll
    static void startEmulator() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stopEmulator() {
        emulator.close();
    }

    @Test
    void settingASecretMakesVersionsAndUpdatingChangesOne() {
        // given
        MutableClock clock = new MutableClock();
        EmulatedVault vault = emulator.vault(VaultSettings.of("secrets").withClock(clock));
        Clients clients = Clients.of(emulator, vault);
        var secrets = clients.secrets();
        OffsetDateTime expiry = Instant.parse("2027-05-01T00:00:00Z").atOffset(ZoneOffset.UTC);

        // when
        KeyVaultSecret first = secrets.setSecret("db-password", "one");
        clock.advance(Duration.ofSeconds(90));
        KeyVaultSecret second = secrets.setSecret("DB-Password", "two");
        clock.advance(Duration.ofSeconds(30));
        SecretProperties updated = secrets.updateSecretProperties(second.getProperties()
                .setExpiresOn(expiry)
                .setNotBefore(expiry.minusYears(1))
                .setContentType("text/plain")
                .setTags(Map.of("team", "blue")));

        // then
        assertThat(secrets.getSecret("db-password").getValue()).isEqualTo("two");
        assertThat(secrets.getSecret("db-password", first.getProperties().getVersion())
                        .getValue())
                .isEqualTo("one");
        assertThat(updated.getExpiresOn()).isEqualTo(expiry);
        assertThat(updated.getNotBefore()).isEqualTo(expiry.minusYears(1));
        assertThat(updated.getContentType()).isEqualTo("text/plain");
        assertThat(Duration.between(updated.getCreatedOn(), updated.getUpdatedOn()))
                .isEqualTo(Duration.ofSeconds(30));
        EmulatedObject truth = vault.object("secret", "db-password").orElseThrow();
        assertThat(truth.versions())
                .containsExactly(
                        first.getProperties().getVersion(),
                        second.getProperties().getVersion());
        assertThat(truth.tags()).containsEntry("team", "blue");
        assertThat(truth.revision()).isEqualTo(3);
        assertThat(vault.requests().count(Operation.SET)).isEqualTo(2);
        assertThat(vault.requests().count(Operation.UPDATE, 200)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.GET)).isEqualTo(2);
    }

    @Test
    void aDisabledSecretCannotBeRead() {
        // given
        EmulatedVault vault = emulator.vault("disabled");
        vault.secret("off");
        vault.enable("secret", "off", false);

        // when, then
        assertThatThrownBy(() -> Clients.of(emulator, vault).secrets().getSecret("off"))
                .hasMessageContaining("\"code\":\"SecretDisabled\"")
                .satisfies(refused ->
                        assertThat(BackupAndRestoreTest.statusOf(refused)).isEqualTo(403));
    }

    @Test
    void deletedObjectsAreListedRecoveredAndPurged() {
        // given
        EmulatedVault vault = emulator.vault("deleting");
        vault.secrets("secret-", 30);
        vault.certificate("web");
        Clients clients = Clients.of(emulator, vault);
        var secrets = clients.secrets();

        // when
        for (int number = 0; number < 28; number++) {
            secrets.beginDeleteSecret("secret-%06d".formatted(number))
                    .setPollInterval(Duration.ofMillis(1))
                    .waitForCompletion();
        }
        clients.certificates()
                .beginDeleteCertificate("web")
                .setPollInterval(Duration.ofMillis(1))
                .waitForCompletion();

        // then
        assertThat(secrets.listDeletedSecrets().stream()).hasSize(29);
        assertThat(secrets.listPropertiesOfSecrets().stream()).hasSize(2);
        assertThat(secrets.getDeletedSecret("secret-000001").getRecoveryId())
                .isEqualTo(vault.uri() + "/deletedsecrets/secret-000001");
        assertThat(clients.keys().listDeletedKeys().stream()).hasSize(1);
        assertThat(clients.certificates().listDeletedCertificates().stream()).hasSize(1);
        assertThatThrownBy(() -> secrets.getSecret("secret-000001")).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> secrets.setSecret("secret-000001", "new"))
                .hasMessageContaining("ObjectIsDeletedButRecoverable");

        // when
        secrets.beginRecoverDeletedSecret("secret-000001")
                .setPollInterval(Duration.ofMillis(1))
                .waitForCompletion();
        secrets.purgeDeletedSecret("secret-000002");
        clients.certificates()
                .beginRecoverDeletedCertificate("web")
                .setPollInterval(Duration.ofMillis(1))
                .waitForCompletion();

        // then
        assertThat(secrets.getSecret("secret-000001").getValue()).isEqualTo("abc");
        assertThatThrownBy(() -> secrets.getDeletedSecret("secret-000002"))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThat(clients.keys().getKey("web").getProperties().isManaged()).isTrue();
        assertThat(vault.requests().count(Operation.DELETE, 200)).isEqualTo(29);
        assertThat(vault.requests().count(Operation.RECOVER, 200)).isEqualTo(2);
        assertThat(vault.requests().count(Operation.PURGE, 204)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.LIST_DELETED, "secret")).isEqualTo(2);
    }

    @Test
    void withPurgeProtectionTheRecoveryLevelTellsItAndAPurgeIsRefused() {
        // given
        EmulatedVault vault = emulator.vault(VaultSettings.of("protected").withPurgeProtection(true));
        vault.secret("one");
        vault.key("one");
        vault.certificate("web");
        Clients clients = Clients.of(emulator, vault);
        var secrets = clients.secrets();

        // when
        vault.delete("secret", "one");

        // then
        assertThat(secrets.listDeletedSecrets())
                .extracting(deleted -> deleted.getProperties().getRecoveryLevel())
                .containsExactly("Recoverable");
        assertThat(clients.keys().listPropertiesOfKeys())
                .extracting(key -> key.getRecoveryLevel())
                .containsOnly("Recoverable");
        assertThat(clients.certificates().listPropertiesOfCertificates())
                .extracting(certificate -> certificate.getRecoveryLevel())
                .containsOnly("Recoverable");
        assertThatThrownBy(() -> secrets.purgeDeletedSecret("one"))
                .hasMessageContaining("purge protection is enabled for this vault")
                .satisfies(refused ->
                        assertThat(BackupAndRestoreTest.statusOf(refused)).isEqualTo(403));
        assertThatThrownBy(() -> secrets.purgeDeletedSecret("other")).isInstanceOf(ResourceNotFoundException.class);
        assertThat(secrets.getDeletedSecret("one").getName()).isEqualTo("one");
        assertThat(vault.requests().count(Operation.PURGE, 204)).isZero();
    }

    @Test
    void howAPurgeIsRefusedIsForTheTestToSay() {
        // given
        EmulatedVault vault = emulator.vault(VaultSettings.of("protected")
                .withPurgeProtection(true)
                .withPurgeRefusal(new VaultSettings.ErrorAnswer(409, "Conflict", "Not before its time.")));
        vault.key("one");
        vault.delete("key", "one");

        // when, then
        assertThatThrownBy(() -> Clients.of(emulator, vault).keys().purgeDeletedKey("one"))
                .hasMessageContaining("Not before its time.")
                .satisfies(refused ->
                        assertThat(BackupAndRestoreTest.statusOf(refused)).isEqualTo(409));
    }

    @Test
    void aManagedKeyCannotBeDeletedByItself() {
        // given
        EmulatedVault vault = emulator.vault("managed");
        vault.certificate("web");

        // when, then
        assertThatThrownBy(() ->
                        Clients.of(emulator, vault).keys().beginDeleteKey("web").poll())
                .hasMessageContaining("is not allowed on this Key, since it is associated with a certificate.");
        assertThat(vault.requests().count(Operation.DELETE, 403)).isEqualTo(1);
    }

    @Test
    void keysAreMadeImportedAndRotated() {
        // given
        EmulatedVault vault = emulator.vault("keys");
        var keys = Clients.of(emulator, vault).keys();

        // when
        KeyVaultKey rsa = keys.createRsaKey(
                new CreateRsaKeyOptions("rsa").setKeySize(3072).setHardwareProtected(true));
        KeyVaultKey curve = keys.createEcKey(new CreateEcKeyOptions("curve"));
        KeyVaultKey rotated = keys.rotateKey("rsa");
        JsonWebKey material = new JsonWebKey()
                .setKeyType(com.azure.security.keyvault.keys.models.KeyType.RSA)
                .setN(rsa.getKey().getN())
                .setE(rsa.getKey().getE())
                .setD(new byte[] {1});
        KeyVaultKey imported = keys.importKey(imported(material));

        // then
        assertThat(rsa.getKeyType()).isEqualTo(com.azure.security.keyvault.keys.models.KeyType.RSA_HSM);
        assertThat(rsa.getKey().getN()).hasSize(384);
        assertThat(rotated.getKey().getN())
                .hasSize(384)
                .isNotEqualTo(rsa.getKey().getN());
        assertThat(curve.getKey().getX()).hasSize(32);
        assertThat(imported.getKey().getN()).isEqualTo(rsa.getKey().getN());
        assertThat(imported.getKey().getD()).isNull();
        assertThat(keys.getKey("imported").getProperties().getTags()).containsEntry("a", "b");
        assertThat(vault.object("key", "rsa").orElseThrow().versions()).hasSize(2);
        assertThat(vault.requests().count(Operation.CREATE, "key")).isEqualTo(3);
        assertThat(vault.requests().count(Operation.IMPORT, "key")).isEqualTo(1);
    }

    @Test
    void aKeyOfUnknownSizeIsRefused() {
        // given
        EmulatedVault vault = emulator.vault("keys");
        var keys = Clients.of(emulator, vault).keys();

        // when, then
        assertThatThrownBy(() -> keys.createRsaKey(new CreateRsaKeyOptions("odd").setKeySize(1000)))
                .isInstanceOf(HttpResponseException.class)
                .hasMessageContaining("Key type or size is not supported.");
    }

    @Test
    void certificatesAreMadeAndImported() throws Exception {
        // given
        EmulatedVault vault = emulator.vault("certificates");
        Clients clients = Clients.of(emulator, vault);
        var certificates = clients.certificates();

        // when
        var made = certificates
                .beginCreateCertificate("web", CertificatePolicy.getDefault())
                .setPollInterval(Duration.ofMillis(1))
                .getFinalResult();
        byte[] pem = Files.readAllBytes(emulator.caCertificateFile());
        KeyVaultCertificate imported = certificates.importCertificate(new ImportCertificateOptions("imported", pem)
                .setPolicy(new CertificatePolicy("Self", "CN=x").setContentType(CertificateContentType.PEM)));

        // then
        assertThat(made.getPolicy().getSubject()).isEqualTo("CN=DefaultPolicy");
        assertThat(certificates.getCertificatePolicy("web").getSubject()).isEqualTo("CN=DefaultPolicy");
        var x509 = java.security.cert.CertificateFactory.getInstance("X.509")
                .generateCertificate(new java.io.ByteArrayInputStream(made.getCer()));
        x509.verify(x509.getPublicKey());
        assertThat(new String(pem, StandardCharsets.US_ASCII)).isEqualTo(emulator.caCertificatePem());
        assertThat(java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(imported.getCer()))
                .isSubstringOf(emulator.caCertificatePem());
        assertThat(clients.secrets().getSecret("web").getProperties().isManaged())
                .isTrue();
        assertThat(vault.requests().count(Operation.CREATE, 202)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.IMPORT, 200)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.PENDING)).isPositive();
        assertThat(vault.requests().count(Operation.POLICY)).isEqualTo(1);
    }

    @Test
    void anUnreadableCertificateAndAnInvalidNameAreRefused() {
        // given
        EmulatedVault vault = emulator.vault("refusals");
        Clients clients = Clients.of(emulator, vault);

        // when, then
        assertThatThrownBy(() -> clients.certificates()
                        .importCertificate(new ImportCertificateOptions("bad", new byte[] {1, 2, 3})))
                .hasMessageContaining("can not be read");
        assertThatThrownBy(() -> clients.secrets().setSecret("under_score", "x"))
                .hasMessageContaining("invalid name")
                .satisfies(refused ->
                        assertThat(BackupAndRestoreTest.statusOf(refused)).isEqualTo(400));
        assertThatThrownBy(() -> vault.secret("under_score")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vault.secret("x".repeat(128))).isInstanceOf(IllegalArgumentException.class);
        assertThat(vault.objects()).isEmpty();
    }

    @Test
    void answersCarryTheServicesHeaders() {
        // given
        MutableClock clock = new MutableClock(Instant.parse("2026-11-05T03:04:05.678Z"));
        EmulatedVault vault =
                emulator.vault(VaultSettings.of("headers").withClock(clock).withGeography("europe"));
        vault.secret("one");
        Clients clients = Clients.of(emulator, vault);

        // when
        clients.secrets().backupSecret("one");

        // then
        Clients.RawAnswer answer = clients.lastAnswer();
        assertThat(answer.header("Date")).isEqualTo("Thu, 05 Nov 2026 03:04:05 GMT");
        assertThat(answer.header("x-ms-request-id")).hasSize(36);
        assertThat(answer.header("x-ms-keyvault-region")).isEqualTo("europe");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(answer.header("Server")).isEmpty();
    }

    private static ImportKeyOptions imported(JsonWebKey material) {
        ImportKeyOptions options = new ImportKeyOptions("imported", material);
        options.setTags(Map.of("a", "b"));
        return options;
    }
}
