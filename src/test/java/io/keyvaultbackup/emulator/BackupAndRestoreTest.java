package io.keyvaultbackup.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.security.keyvault.certificates.models.CertificateProperties;
import com.azure.security.keyvault.secrets.models.KeyVaultSecret;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import com.nimbusds.jose.JWEObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BackupAndRestoreTest {

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
    void aBackupIsAnOpaqueEnvelopeThatDiffersEachTime() throws Exception {
        // given
        EmulatedVault vault = emulator.vault("envelope");
        vault.secret("small").value("abc");
        vault.key("signing");
        vault.certificate("web");
        Clients clients = Clients.of(emulator, vault);

        // when
        byte[] secret = clients.secrets().backupSecret("small");
        byte[] again = clients.secrets().backupSecret("small");
        byte[] key = clients.keys().backupKey("signing");
        byte[] certificate = clients.certificates().backupCertificate("web");

        // then
        assertThat(secret[0]).isEqualTo((byte) 0x29);
        assertThat(new String(secret, 1, 0x29, StandardCharsets.US_ASCII))
                .isEqualTo("AzureKeyVaultSecretBackupV1.microsoft.com");
        assertThat(Base64.getUrlEncoder().encodeToString(secret)).startsWith("KUF6dXJl");
        assertThat(key[0]).isEqualTo((byte) 0x26);
        assertThat(new String(key, 1, 0x26, StandardCharsets.US_ASCII))
                .isEqualTo("AzureKeyVaultKeyBackupV1.microsoft.com");
        assertThat(Base64.getUrlEncoder().encodeToString(key)).startsWith("JkF6dXJl");
        assertThat(new String(certificate, 1, certificate[0], StandardCharsets.US_ASCII))
                .isEqualTo("AzureKeyVaultCertificateBackupV1.microsoft.com");
        assertThat(secret.length).isBetween(4_900, 5_100);
        assertThat(again).isNotEqualTo(secret);
        JWEObject envelope = JWEObject.parse(new String(secret, 0x2A, secret.length - 0x2A, StandardCharsets.US_ASCII));
        assertThat(envelope.getHeader().getEncryptionMethod().getName()).isEqualTo("A256GCM");
        assertThat(new String(secret, StandardCharsets.ISO_8859_1)).doesNotContain("abc\"", "small");
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(4);
        assertThat(vault.requests().count(Operation.BACKUP, "secret")).isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "small")).isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP, "certificate", "web"))
                .isEqualTo(1);
    }

    @Test
    void theTruthAboutABlobIsForTestsToRead() {
        // given
        EmulatedVault vault = emulator.vault("truth");
        List<String> versions = vault.secret("db-password").versions(3).versionIds();
        Clients clients = Clients.of(emulator, vault);

        // when
        BackupContent before = vault.openBackup(clients.secrets().backupSecret("db-password"));
        vault.rotate("secret", "db-password");
        BackupContent after = vault.openBackup(clients.secrets().backupSecret("db-password"));

        // then
        assertThat(before)
                .isEqualTo(new BackupContent(
                        "secret", "db-password", VaultSettings.DEFAULT_SUBSCRIPTION, "europe", 1, versions));
        assertThat(after.versions()).hasSize(4).containsAll(versions);
        assertThat(after.revision()).isEqualTo(2);
        assertThat(vault.history("secret", "db-password"))
                .extracting(HistoryEntry::revision, HistoryEntry::versions)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, versions),
                        org.assertj.core.groups.Tuple.tuple(2L, after.versions()));
    }

    @Test
    void managedKeysAndSecretsCannotBeBackedUpByThemselves() {
        // given
        EmulatedVault vault = emulator.vault("managed");
        vault.certificate("web");
        Clients clients = Clients.of(emulator, vault);

        // when, then
        assertThatThrownBy(() -> clients.keys().backupKey("web"))
                .hasMessageContaining(
                        "Operation \\\"backup\\\" is not allowed on this Key, since it is associated with a"
                                + " certificate. Perform the operation on the corresponding certificate.")
                .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(403));
        assertThatThrownBy(() -> clients.secrets().backupSecret("web"))
                .hasMessageContaining("Operation \\\"backup\\\" is not allowed on this Secret")
                .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(403));
        assertThat(vault.requests().count(Operation.BACKUP, 403)).isEqualTo(2);
    }

    @Test
    void restoringKeepsNameVersionsAndAttributes() {
        // given
        EmulatedVault source = emulator.vault("source");
        EmulatedVault target = emulator.vault("target");
        source.secret("db-password").value("old").versions(3).value("s3cret").tag("team", "blue");
        source.key("signing").type(KeyType.RSA_4096_HSM).versions(2);
        Clients from = Clients.of(emulator, source);
        Clients to = Clients.of(emulator, target);

        // when
        SecretProperties secret = to.secrets()
                .restoreSecretBackup(from.secrets().backupSecret("db-password"))
                .getProperties();
        var key = to.keys().restoreKeyBackup(from.keys().backupKey("signing"));

        // then
        assertThat(secret.getName()).isEqualTo("db-password");
        assertThat(secret.getTags()).containsEntry("team", "blue");
        assertThat(to.secrets().getSecret("db-password").getValue()).isEqualTo("s3cret");
        assertThat(key.getKey().getN())
                .isEqualTo(from.keys().getKey("signing").getKey().getN())
                .hasSize(512);
        assertThat(target.object("secret", "db-password").orElseThrow().versions())
                .isEqualTo(source.object("secret", "db-password").orElseThrow().versions());
        assertThat(target.object("key", "signing").orElseThrow().versions())
                .isEqualTo(source.object("key", "signing").orElseThrow().versions());
        assertThat(target.requests().count(Operation.RESTORE, 200)).isEqualTo(2);
        assertThat(target.requests().cost()).isEqualTo(2 * 4_000 / 300.0 + 1);
    }

    @Test
    void restoringACertificateBringsItsKeyAndSecret() {
        // given
        EmulatedVault source = emulator.vault("source");
        EmulatedVault target = emulator.vault("target");
        List<String> versions = source.certificate("web").versions(2).versionIds();
        Clients from = Clients.of(emulator, source);
        Clients to = Clients.of(emulator, target);

        // when
        CertificateProperties restored = to.certificates()
                .restoreCertificateBackup(from.certificates().backupCertificate("web"))
                .getProperties();

        // then
        assertThat(restored.getX509Thumbprint())
                .isEqualTo(from.certificates()
                        .getCertificate("web")
                        .getProperties()
                        .getX509Thumbprint());
        assertThat(target.objects()).extracting(EmulatedObject::kind).containsExactly("secret", "key", "certificate");
        assertThat(target.objects()).extracting(EmulatedObject::managed).containsExactly(true, true, false);
        assertThat(target.objects()).extracting(EmulatedObject::versions).containsOnly(versions);
    }

    @Test
    void aNameInUseIsAConflict() {
        // given
        EmulatedVault vault = emulator.vault("conflict");
        vault.secret("taken");
        Clients clients = Clients.of(emulator, vault);
        byte[] blob = clients.secrets().backupSecret("taken");

        // when, then
        assertThatThrownBy(() -> clients.secrets().restoreSecretBackup(blob))
                .hasMessageContaining("There was a conflict restoring the secret 'taken'")
                .hasMessageContaining("\"code\":\"Conflict\"")
                .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(409));
        assertThat(vault.requests().count(Operation.RESTORE, 409)).isEqualTo(1);
    }

    @Test
    void aSoftDeletedNameMustBeRecoveredOrPurged() {
        // given
        MutableClock clock = new MutableClock();
        EmulatedVault vault = emulator.vault(VaultSettings.of("deleted")
                .withClock(clock)
                .withPurgePause(Duration.ofSeconds(5))
                .withRecoverPause(Duration.ofSeconds(5)));
        vault.secret("gone");
        Clients clients = Clients.of(emulator, vault);
        byte[] blob = clients.secrets().backupSecret("gone");

        // when
        vault.delete("secret", "gone");

        // then
        assertRestoreRefused(clients, blob, "ObjectIsDeletedButRecoverable");

        // when
        vault.recover("secret", "gone");

        // then
        assertRestoreRefused(clients, blob, "ObjectIsBeingRecovered");

        // when
        clock.advance(Duration.ofSeconds(5));
        vault.delete("secret", "gone");
        vault.purge("secret", "gone");

        // then
        clock.advance(Duration.ofSeconds(4));
        assertRestoreRefused(clients, blob, "There was a conflict restoring the secret 'gone'");
        clock.advance(Duration.ofSeconds(1));
        assertThat(clients.secrets().restoreSecretBackup(blob).getName()).isEqualTo("gone");
        assertThat(vault.requests().count(Operation.RESTORE, 409)).isEqualTo(3);
        assertThat(vault.requests().count(Operation.RESTORE, 200)).isEqualTo(1);
        assertThat(vault.history("secret", "gone"))
                .extracting(HistoryEntry::change)
                .containsExactly("set", "deleted", "recovered", "deleted", "purged", "restored");
    }

    @Test
    void whatIsBeingDeletedOrRecoveredIsLeftAlone() {
        // given
        MutableClock clock = new MutableClock();
        EmulatedVault vault = emulator.vault(VaultSettings.of("transition")
                .withClock(clock)
                .withDeletePause(Duration.ofSeconds(5))
                .withRecoverPause(Duration.ofSeconds(5)));
        vault.secret("one");
        var secrets = Clients.of(emulator, vault).secrets();
        byte[] blob = secrets.backupSecret("one");

        // when
        secrets.beginDeleteSecret("one");

        // then for five seconds it is neither live nor deleted
        assertThat(vault.object("secret", "one")).isEmpty();
        assertThat(secrets.listDeletedSecrets()).isEmpty();
        assertThatThrownBy(() -> secrets.getDeletedSecret("one")).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> secrets.purgeDeletedSecret("one")).hasMessageContaining("ObjectIsBeingDeleted");
        assertThatThrownBy(() -> secrets.beginRecoverDeletedSecret("one")).hasMessageContaining("ObjectIsBeingDeleted");
        assertThatThrownBy(() -> secrets.restoreSecretBackup(blob)).hasMessageContaining("ObjectIsBeingDeleted");
        clock.advance(Duration.ofSeconds(5));
        assertThat(secrets.listDeletedSecrets()).hasSize(1);

        // when
        secrets.beginRecoverDeletedSecret("one");

        // then for five seconds it can not be deleted
        assertThatThrownBy(() -> secrets.beginRecoverDeletedSecret("one"))
                .hasMessageContaining("ObjectIsBeingRecovered");
        assertThatThrownBy(() -> secrets.beginDeleteSecret("one")).hasMessageContaining("ObjectIsBeingRecovered");
        clock.advance(Duration.ofSeconds(5));
        secrets.beginDeleteSecret("one");
        assertThat(vault.requests().count(Operation.DELETE, 200)).isEqualTo(2);
        assertThat(vault.requests().count(Operation.DELETE, 409)).isEqualTo(1);
    }

    @Test
    void aDamagedBackupIsRefused() {
        // given
        EmulatedVault vault = emulator.vault("damaged");
        vault.secret("one");
        Clients clients = Clients.of(emulator, vault);
        byte[] blob = clients.secrets().backupSecret("one");
        vault.delete("secret", "one");
        vault.purge("secret", "one");
        byte[] flipped = blob.clone();
        flipped[blob.length / 2] = (byte) (flipped[blob.length / 2] == 'A' ? 'B' : 'A');

        // when, then
        for (byte[] damaged : List.of(
                flipped,
                java.util.Arrays.copyOf(blob, blob.length - 3),
                java.util.Arrays.copyOf(blob, 60),
                "no backup".getBytes(StandardCharsets.US_ASCII),
                new byte[] {1})) {
            assertThatThrownBy(() -> clients.secrets().restoreSecretBackup(damaged))
                    .hasMessageContaining("Backup blob contains invalid or corrupt version.")
                    .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(400));
        }
        assertThatThrownBy(() -> clients.keys().restoreKeyBackup(blob))
                .as("a secret's backup is no key's")
                .hasMessageContaining("Backup blob contains invalid or corrupt version.");
        assertThatThrownBy(() -> vault.openBackup(flipped)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vault.openBackup(new byte[] {1})).isInstanceOf(IllegalArgumentException.class);
        assertThat(vault.requests().count(Operation.RESTORE, 400)).isEqualTo(6);
        assertThat(vault.objects()).isEmpty();
    }

    @Test
    void anotherSubscriptionOrGeographyCannotDecrypt() {
        // given
        EmulatedVault source = emulator.vault("source");
        source.secret("one");
        byte[] blob = Clients.of(emulator, source).secrets().backupSecret("one");
        EmulatedVault elsewhere = emulator.vault(VaultSettings.of("elsewhere").withGeography("asia"));
        EmulatedVault foreign = emulator.vault(VaultSettings.of("foreign")
                .withSubscription("00000000-0000-0000-0000-000000000002")
                .withForeignBlobStatus(403));

        // when, then
        assertThatThrownBy(() -> Clients.of(emulator, elsewhere).secrets().restoreSecretBackup(blob))
                .hasMessageContaining("Cannot decrypt backup blob")
                .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(400));
        assertThatThrownBy(() -> Clients.of(emulator, foreign).secrets().restoreSecretBackup(blob))
                .hasMessageContaining("Cannot decrypt backup blob")
                .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(403));
        assertThat(elsewhere.objects()).isEmpty();
    }

    @Test
    void fiveHundredVersionsCanBeBackedUpAndNoMore() {
        // given
        EmulatedVault vault = emulator.vault("many-versions");
        vault.secret("full").versions(500);
        vault.secret("too-full").versions(501);
        vault.key("too-full").versions(501);
        Clients clients = Clients.of(emulator, vault);

        // when
        byte[] blob = clients.secrets().backupSecret("full");

        // then
        assertThat(vault.openBackup(blob).versions()).hasSize(500);
        long begin = System.nanoTime();
        assertThatThrownBy(() -> clients.secrets().backupSecret("too-full"))
                .hasMessageContaining("The operation timed out.")
                .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(504));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThatThrownBy(() -> clients.keys().backupKey("too-full")).isInstanceOf(HttpResponseException.class);
        assertThat(vault.requests().count(Operation.BACKUP, 504)).isEqualTo(2);
    }

    @Test
    void theVersionLimitAndItsErrorAreSettings() {
        // given
        EmulatedVault vault = emulator.vault(VaultSettings.of("strict")
                .withVersionLimit(2)
                .withVersionLimitPause(Duration.ZERO)
                .withVersionLimitError(new VaultSettings.ErrorAnswer(400, "BadParameter", "Too many versions.")));
        vault.secret("two").versions(2);
        vault.secret("three").versions(3);
        Clients clients = Clients.of(emulator, vault);

        // when, then
        assertThat(clients.secrets().backupSecret("two")).isNotEmpty();
        assertThatThrownBy(() -> clients.secrets().backupSecret("three"))
                .hasMessageContaining("Too many versions.")
                .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(400));
    }

    @Test
    void versionsMakeABackupSlower() {
        // given
        EmulatedVault vault = emulator.vault(VaultSettings.of("slow").withPerVersionLatency(Duration.ofMillis(2)));
        vault.secret("old").versions(100);
        Clients clients = Clients.of(emulator, vault);

        // when
        long begin = System.nanoTime();
        clients.secrets().backupSecret("old");

        // then
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void aLargeBlobTravelsThereAndBack() {
        // given
        EmulatedVault source = emulator.vault("large");
        EmulatedVault target = emulator.vault("large-target");
        source.secret("large").blobSize(16_000_000);

        // when
        byte[] blob = Clients.of(emulator, source).secrets().backupSecret("large");
        KeyVaultSecret restored = Clients.of(emulator, target).secrets().restoreSecretBackup(blob);

        // then
        assertThat(blob.length).isBetween(15_999_990, 16_000_010);
        assertThat(restored.getName()).isEqualTo("large");
    }

    @Test
    void aDisabledObjectIsBackedUpUnlessTheSettingsSayOtherwise() {
        // given
        EmulatedVault lenient = emulator.vault("lenient");
        EmulatedVault strict = emulator.vault(VaultSettings.of("strict").withDisabledBackupRefused(true));
        lenient.secret("off").disabled();
        strict.secret("off").disabled();

        // when, then
        assertThat(Clients.of(emulator, lenient).secrets().backupSecret("off")).isNotEmpty();
        assertThatThrownBy(() -> Clients.of(emulator, strict).secrets().backupSecret("off"))
                .hasMessageContaining("SecretDisabled")
                .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(403));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        // given
        EmulatedVault vault = emulator.vault("nothing");
        Clients clients = Clients.of(emulator, vault);

        // when, then
        assertThatThrownBy(() -> clients.secrets().backupSecret("none"))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("\"code\":\"SecretNotFound\"")
                .hasMessageContaining("A secret with (name/id) none was not found in this key vault.");
        assertThatThrownBy(() -> clients.keys().backupKey("none")).hasMessageContaining("KeyNotFound");
        assertThatThrownBy(() -> clients.certificates().backupCertificate("none"))
                .hasMessageContaining("CertificateNotFound");
        assertThat(vault.requests().count(Operation.BACKUP, 404)).isEqualTo(3);
    }

    private static void assertRestoreRefused(Clients clients, byte[] blob, String reason) {
        assertThatThrownBy(() -> clients.secrets().restoreSecretBackup(blob))
                .hasMessageContaining(reason)
                .satisfies(refused -> assertThat(statusOf(refused)).isEqualTo(409));
    }

    static int statusOf(Throwable refused) {
        return ((HttpResponseException) refused).getResponse().getStatusCode();
    }
}
