package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AzureVaultTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00.250Z");
    private static final String EVERY_CHARACTER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-0123456789";
    private static final String LONGEST = "n".repeat(127);

    private static KeyVaultEmulator emulator;

    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private EmulatedVault emulated;
    private Vault vault;

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @BeforeEach
    void newVault() {
        emulated = emulator.vault(VaultSettings.of("azure").withClock(() -> NOW));
        vault = Opened.vault(emulator, emulated.uri());
    }

    @AfterEach
    void noSecretWasReadAndNoMemoryIsKept() {
        assertThat(emulated.requests().count(Operation.GET)).isZero();
        assertThat(memory.reserved()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void eachPageOfAListingIsOneRequest(ObjectKind kind) {
        // given 60 objects, which are three pages
        seed(kind, 60);

        // when
        List<Page<VaultObject>> pages = new ArrayList<>();
        @Nullable String next = null;
        do {
            pages.add(vault.list(kind, next));
            assertThat(emulated.requests().total()).isEqualTo(pages.size());
            next = pages.getLast().next();
        } while (next != null);

        // then
        assertThat(pages).extracting(page -> page.items().size()).containsExactly(25, 25, 10);
        assertThat(pages).extracting(Page::readAt).containsOnly(Instant.parse("2026-11-24T03:00:00Z"));
        assertThat(pages.stream().flatMap(page -> page.items().stream()).map(VaultObject::id))
                .hasSize(60)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.kind() == kind);
        assertThat(emulated.requests().count(Operation.LIST, 200)).isEqualTo(3);
        assertThat(emulated.requests().count(Operation.LIST, kind.word())).isEqualTo(3);
        assertThat(emulated.requests().total()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void eachPageOfTheVersionsIsOneRequest(ObjectKind kind) {
        // given an object of 60 versions, the latest of which expires
        Instant expiry = Instant.parse("2030-01-01T00:00:00Z");
        var seed = switch (kind) {
            case SECRET -> emulated.secret("one").versions(60).expires(expiry).disabled();
            case KEY -> emulated.key("one").versions(60).expires(expiry).disabled();
            case CERTIFICATE ->
                emulated.certificate("one").versions(60).expires(expiry).disabled();
        };
        ObjectId id = new ObjectId(kind, "one");

        // when
        Page<ObjectVersion> first = vault.versions(id, null);
        assertThat(emulated.requests().total()).isEqualTo(1);
        Page<ObjectVersion> second = vault.versions(id, first.next());
        assertThat(emulated.requests().total()).isEqualTo(2);
        Page<ObjectVersion> third = vault.versions(id, second.next());

        // then
        List<ObjectVersion> versions = new ArrayList<>(first.items());
        versions.addAll(second.items());
        versions.addAll(third.items());
        assertThat(third.next()).isNull();
        assertThat(versions).extracting(ObjectVersion::id).containsExactlyInAnyOrderElementsOf(seed.versionIds());
        assertThat(versions)
                .filteredOn(version -> version.id().equals(seed.versionIds().getLast()))
                .containsExactly(new ObjectVersion(
                        seed.versionIds().getLast(), false, Instant.parse("2026-11-24T02:00:00Z"), expiry));
        assertThat(versions).filteredOn(ObjectVersion::enabled).hasSize(59);
        assertThat(emulated.requests().count(Operation.VERSIONS, 200)).isEqualTo(3);
        assertThat(emulated.requests().total()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "SECRET, 0x29, AzureKeyVaultSecretBackupV1.microsoft.com",
        "KEY, 0x26, AzureKeyVaultKeyBackupV1.microsoft.com",
        "CERTIFICATE, 0x2E, AzureKeyVaultCertificateBackupV1.microsoft.com"
    })
    void aBackupIsOneRequestAndExactlyTheServicesBytes(ObjectKind kind, int length, String tag) {
        // given
        seed(kind, 2);
        ObjectId id = new ObjectId(kind, kind.word() + "-1");

        // when
        try (ProtectedBytes bytes = vault.backup(id, 1, memory)) {

            // then
            byte[] content = bytes.content();
            assertThat(content[0]).isEqualTo((byte) length);
            assertThat(new String(content, 1, length, StandardCharsets.US_ASCII))
                    .isEqualTo(tag);
            var opened = emulated.openBackup(content);
            assertThat(opened.kind()).isEqualTo(kind.word());
            assertThat(opened.name()).isEqualTo(id.name());
            assertThat(opened.versions()).hasSize(1);
            assertThat(memory.reserved()).isEqualTo(content.length);
        }
        assertThat(emulated.requests().count(Operation.BACKUP, 200)).isEqualTo(1);
        assertThat(emulated.requests().count(Operation.BACKUP, kind.word(), id.name()))
                .isEqualTo(1);
        assertThat(emulated.requests().total()).isEqualTo(1);
        assertThat(memory.peak()).isPositive();
    }

    @Test
    void theKeyAndSecretOfACertificateAreManagedAndNothingElseIs() {
        // given
        emulated.certificate("web");
        emulated.secret("alone");
        emulated.key("alone");

        // when, then
        assertThat(vault.list(ObjectKind.SECRET, null).items())
                .extracting(object -> object.id().name(), VaultObject::managed)
                .containsExactlyInAnyOrder(tuple("alone", false), tuple("web", true));
        assertThat(vault.list(ObjectKind.KEY, null).items())
                .extracting(object -> object.id().name(), VaultObject::managed)
                .containsExactlyInAnyOrder(tuple("alone", false), tuple("web", true));
        assertThat(vault.list(ObjectKind.CERTIFICATE, null).items())
                .extracting(object -> object.id().name(), VaultObject::managed)
                .containsExactly(tuple("web", false));
        assertThat(emulated.requests().count(Operation.LIST, 200)).isEqualTo(3);
        assertThat(emulated.requests().total()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void theChangeTokenHoldsAllThatTheListingTells(ObjectKind kind) {
        // given
        Instant created = Instant.parse("2025-01-02T03:04:05Z");
        Instant notBefore = Instant.parse("2025-02-01T00:00:00Z");
        Instant expires = Instant.parse("2031-02-01T00:00:00Z");
        switch (kind) {
            case SECRET ->
                emulated.secret("one")
                        .created(created)
                        .notBefore(notBefore)
                        .expires(expires)
                        .tag("team", "a b")
                        .contentType("text/plain");
            case KEY ->
                emulated.key("one")
                        .created(created)
                        .notBefore(notBefore)
                        .expires(expires)
                        .tag("team", "a b");
            case CERTIFICATE ->
                emulated.certificate("one")
                        .created(created)
                        .notBefore(notBefore)
                        .expires(expires)
                        .tag("team", "a b");
        }
        emulated.enable(kind.word(), "one", false);

        // when
        List<VaultObject> objects = vault.list(kind, null).items();

        // then
        assertThat(objects)
                .containsExactly(new VaultObject(
                        new ObjectId(kind, "one"),
                        new ChangeToken(
                                created,
                                Instant.parse("2026-11-24T03:00:00Z"),
                                false,
                                notBefore,
                                expires,
                                Map.of("team", "a b"),
                                kind == ObjectKind.SECRET ? "text/plain" : null),
                        false));
        assertThat(emulated.requests().count(Operation.LIST, 200)).isEqualTo(1);
        assertThat(emulated.requests().total()).isEqualTo(1);
    }

    @Test
    void onlySecretsHaveAContentTypeAndNotEveryOne() {
        // given
        emulated.secret("plain");
        emulated.secret("odd").contentType("a\u0000\n" + "b".repeat(5_000));
        emulated.certificate("web");

        // when, then
        assertThat(vault.list(ObjectKind.SECRET, null).items())
                .extracting(
                        object -> object.id().name(), object -> object.token().contentType())
                .containsExactlyInAnyOrder(
                        tuple("plain", null),
                        tuple("odd", "a " + "b".repeat(997) + "…"),
                        tuple("web", "application/x-pkcs12"));
        assertThat(vault.list(ObjectKind.KEY, null).items())
                .extracting(object -> object.token().contentType())
                .containsOnlyNulls();
        assertThat(vault.list(ObjectKind.CERTIFICATE, null).items())
                .extracting(object -> object.token().contentType())
                .containsOnlyNulls();
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void namesOfEveryLegalCharacterAndOfTheGreatestLengthGoThrough(ObjectKind kind) {
        // given
        for (String name : List.of(EVERY_CHARACTER, LONGEST)) {
            seed(kind, name);
        }

        // when, then
        assertThat(vault.list(kind, null).items())
                .extracting(object -> object.id().name())
                .containsExactlyInAnyOrder(EVERY_CHARACTER, LONGEST);
        for (String name : List.of(EVERY_CHARACTER, LONGEST)) {
            ObjectId id = new ObjectId(kind, name);
            assertThat(vault.versions(id, null).items()).hasSize(1);
            try (ProtectedBytes bytes = vault.backup(id, 1, memory)) {
                assertThat(emulated.openBackup(bytes.content()).name()).isEqualTo(name);
            }
        }
        assertThat(emulated.requests().total()).isEqualTo(5);
    }

    @Test
    void aVaultWithoutObjectsHasOneEmptyPage() {
        // when
        Page<VaultObject> page = vault.list(ObjectKind.SECRET, null);

        // then
        assertThat(page).isEqualTo(new Page<>(List.of(), null, Instant.parse("2026-11-24T03:00:00Z")));
        assertThat(emulated.requests().total()).isEqualTo(1);
    }

    private void seed(ObjectKind kind, int count) {
        for (int number = 0; number < count; number++) {
            seed(kind, kind.word() + "-" + number);
        }
    }

    private void seed(ObjectKind kind, String name) {
        switch (kind) {
            case SECRET -> emulated.secret(name);
            case KEY -> emulated.key(name);
            case CERTIFICATE -> emulated.certificate(name);
        }
    }
}
