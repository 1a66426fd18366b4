package io.keyvaultbackup.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.security.keyvault.certificates.models.CertificateProperties;
import com.azure.security.keyvault.keys.models.KeyProperties;
import com.azure.security.keyvault.secrets.models.SecretProperties;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ListingTest {

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
    void pagesHaveTwentyFiveItemsAndNothingIsLostOrRepeated() {
        // given
        EmulatedVault vault = emulator.vault("paged");
        vault.secrets("secret-", 60);

        // when
        List<String> names = Clients.of(emulator, vault)
                .secrets()
                .listPropertiesOfSecrets()
                .streamByPage()
                .peek(page -> assertThat(page.getValue()).hasSizeLessThanOrEqualTo(25))
                .flatMap(page -> page.getValue().stream())
                .map(SecretProperties::getName)
                .toList();

        // then
        assertThat(names).hasSize(60).doesNotHaveDuplicates().contains("secret-000000", "secret-000059");
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(3);
        assertThat(vault.requests().count(Operation.LIST, 200)).isEqualTo(3);
        assertThat(vault.requests().count(Operation.CHALLENGE)).isEqualTo(1);
        assertThat(vault.requests().total()).isEqualTo(3);
        assertThat(vault.requests().cost()).isEqualTo(3);
    }

    @Test
    void pagesStayStableWhileObjectsComeAndGo() {
        // given
        EmulatedVault vault = emulator.vault("moving");
        vault.secrets("secret-", 50);
        vault.faults().on(Operation.LIST, "secret").times(1).after(() -> {
            vault.delete("secret", "secret-000003");
            vault.delete("secret", "secret-000024");
            vault.secret("secret-000000a");
            vault.secret("secret-000030a");
        });

        // when
        List<String> names = Clients.of(emulator, vault).secrets().listPropertiesOfSecrets().stream()
                .map(SecretProperties::getName)
                .toList();

        // then
        assertThat(names)
                .hasSize(51)
                .doesNotHaveDuplicates()
                .contains("secret-000025", "secret-000030a", "secret-000049")
                .doesNotContain("secret-000000a");
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(3);
    }

    @Test
    void itemsCarryTheLatestVersionsAttributesInWholeSeconds() {
        // given
        Instant created = Instant.parse("2026-03-01T10:00:00.900Z");
        Instant expiry = Instant.parse("2027-03-01T00:00:00Z");
        EmulatedVault vault = emulator.vault("attributes");
        vault.secret("plain")
                .created(created)
                .expires(expiry)
                .tag("team", "blue")
                .versions(3);
        vault.secret("off").disabled();

        // when
        List<SecretProperties> items = Clients.of(emulator, vault).secrets().listPropertiesOfSecrets().stream()
                .toList();

        // then
        assertThat(items).extracting(SecretProperties::getName).containsExactly("off", "plain");
        SecretProperties plain = items.getLast();
        assertThat(plain.getId()).isEqualTo(vault.uri() + "/secrets/plain");
        assertThat(plain.getVersion()).isNull();
        assertThat(plain.getCreatedOn())
                .isEqualTo(Instant.parse("2026-03-01T10:00:00Z").atOffset(ZoneOffset.UTC));
        assertThat(plain.getUpdatedOn()).isEqualTo(plain.getCreatedOn());
        assertThat(plain.getExpiresOn()).isEqualTo(expiry.atOffset(ZoneOffset.UTC));
        assertThat(plain.getTags()).containsEntry("team", "blue");
        assertThat(plain.isEnabled()).isTrue();
        assertThat(plain.isManaged()).isNull();
        assertThat(plain.getRecoveryLevel()).isEqualTo("Recoverable+Purgeable");
        assertThat(items.getFirst().isEnabled()).isFalse();
    }

    @Test
    void aCertificateOwnsAKeyAndASecretOfItsName() {
        // given
        EmulatedVault vault = emulator.vault("certificates");
        vault.certificate("web").versions(2);
        vault.rotate("certificate", "web");
        Clients clients = Clients.of(emulator, vault);

        // when
        List<CertificateProperties> certificates =
                clients.certificates().listPropertiesOfCertificates().stream().toList();
        List<KeyProperties> keys =
                clients.keys().listPropertiesOfKeys().stream().toList();
        List<SecretProperties> secrets =
                clients.secrets().listPropertiesOfSecrets().stream().toList();

        // then
        assertThat(certificates).singleElement().satisfies(certificate -> {
            assertThat(certificate.getName()).isEqualTo("web");
            assertThat(certificate.getX509Thumbprint()).hasSize(20);
        });
        assertThat(keys)
                .singleElement()
                .satisfies(key -> assertThat(key.isManaged()).isTrue());
        assertThat(secrets)
                .singleElement()
                .satisfies(secret -> assertThat(secret.isManaged()).isTrue());
        assertThat(vault.objects()).extracting(EmulatedObject::kind).containsExactly("secret", "key", "certificate");
        assertThat(vault.objects()).extracting(EmulatedObject::managed).containsExactly(true, true, false);
        assertThat(vault.objects())
                .extracting(EmulatedObject::versions)
                .allSatisfy(versions -> assertThat(versions)
                        .hasSize(3)
                        .isEqualTo(vault.objects().getFirst().versions()));
    }

    @Test
    void versionsArePagedAndNamed() {
        // given
        EmulatedVault vault = emulator.vault("versions");
        List<String> versions = vault.secret("often").versions(60).versionIds();

        // when
        List<String> listed = Clients.of(emulator, vault).secrets().listPropertiesOfSecretVersions("OFTEN").stream()
                .map(SecretProperties::getVersion)
                .toList();

        // then
        assertThat(listed).hasSize(60).containsExactlyInAnyOrderElementsOf(versions);
        assertThat(vault.requests().count(Operation.VERSIONS)).isEqualTo(3);
        assertThat(vault.requests().count(Operation.VERSIONS, "secret", "often"))
                .isEqualTo(3);
    }

    @Test
    void anEmptyVaultListsNothing() {
        // given
        EmulatedVault vault = emulator.vault("empty");
        Clients clients = Clients.of(emulator, vault);

        // when
        long items = clients.secrets().listPropertiesOfSecrets().stream().count()
                + clients.keys().listPropertiesOfKeys().stream().count()
                + clients.certificates().listPropertiesOfCertificates().stream().count();

        // then
        assertThat(items).isZero();
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(3);
        assertThat(vault.requests().count(Operation.LIST, "key")).isEqualTo(1);
    }
}
