package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.vault.DeletedObject;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.RestoreTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AzureRestoreTargetTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00.250Z");
    private static final Instant NOW_AS_TOLD = Instant.parse("2026-11-24T03:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(90);

    private static KeyVaultEmulator emulator;

    private EmulatedVault emulated;
    private RestoreTarget target;

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
        open(VaultSettings.of("target"));
    }

    private void open(VaultSettings settings) {
        emulated = emulator.vault(settings.withClock(() -> NOW));
        target = Opened.vaults(emulator).restoreTarget(emulated.uri());
    }

    @AfterEach
    void nothingWasReadAndNoPollerAsked() {
        assertThat(emulated.requests().count(Operation.GET)).isZero();
        assertThat(emulated.requests().count(Operation.GET_DELETED)).isZero();
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void eachPageOfTheDeletedIsOneRequest(ObjectKind kind) {
        // given 60 deleted objects, which are three pages, and one that is not deleted
        List<DeletedObject> expected = new ArrayList<>();
        for (int number = 0; number < 60; number++) {
            String name = "%s-%02d".formatted(kind.word(), number);
            seed(kind, name);
            emulated.delete(kind.word(), name);
            expected.add(new DeletedObject(
                    new ObjectId(kind, name), "Recoverable+Purgeable", NOW_AS_TOLD, NOW_AS_TOLD.plus(RETENTION)));
        }
        seed(kind, "live");

        // when
        List<Page<DeletedObject>> pages = new ArrayList<>();
        @Nullable String next = null;
        do {
            pages.add(target.deleted(kind, next));
            assertThat(emulated.requests().total()).isEqualTo(pages.size());
            next = pages.getLast().next();
        } while (next != null);

        // then
        assertThat(pages).extracting(page -> page.items().size()).containsExactly(25, 25, 10);
        assertThat(pages).extracting(Page::readAt).containsOnly(NOW_AS_TOLD);
        assertThat(pages.stream().flatMap(page -> page.items().stream())).containsExactlyElementsOf(expected);
        assertThat(emulated.requests().count(Operation.LIST_DELETED, kind.word()))
                .isEqualTo(3);
        assertThat(emulated.requests().count(Operation.LIST_DELETED, 200)).isEqualTo(3);
    }

    @Test
    void theKeyAndSecretOfADeletedCertificateAreAmongTheDeleted() {
        // given
        emulated.certificate("web");
        emulated.delete("certificate", "web");

        // when, then
        for (ObjectKind kind : ObjectKind.values()) {
            assertThat(target.deleted(kind, null).items())
                    .extracting(DeletedObject::id)
                    .containsExactly(new ObjectId(kind, "web"));
        }
        assertThat(emulated.requests().total()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void whereNothingIsDeletedThereIsOneEmptyPage(ObjectKind kind) {
        // given
        seed(kind, "live");

        // when, then
        assertThat(target.deleted(kind, null)).isEqualTo(new Page<>(List.of(), null, NOW_AS_TOLD));
        assertThat(emulated.requests().total()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void withPurgeProtectionTheDeletedSayThatTheyCanNotBePurged(ObjectKind kind) {
        // given
        open(VaultSettings.of("protected").withPurgeProtection(true));
        seed(kind, "one");
        emulated.delete(kind.word(), "one");

        // when, then
        assertThat(target.deleted(kind, null).items())
                .extracting(DeletedObject::recoveryLevel)
                .containsExactly("Recoverable");
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void aRecoveryIsOneRequestAndBringsTheObjectBack(ObjectKind kind) {
        // given
        List<String> versions = seed(kind, "one");
        emulated.delete(kind.word(), "one");

        // when
        target.recover(new ObjectId(kind, "one"));

        // then
        assertThat(emulated.requests().count(Operation.RECOVER, kind.word(), "one"))
                .isEqualTo(1);
        assertThat(emulated.requests().count(Operation.RECOVER, 200)).isEqualTo(1);
        assertThat(emulated.requests().total()).isEqualTo(1);
        assertThat(emulated.object(kind.word(), "one").orElseThrow().versions()).isEqualTo(versions);
        assertThat(target.deleted(kind, null).items()).isEmpty();
    }

    @Test
    void aRecoveredCertificateBringsItsKeyAndItsSecret() {
        // given
        emulated.certificate("web");
        emulated.delete("certificate", "web");

        // when
        target.recover(new ObjectId(ObjectKind.CERTIFICATE, "web"));

        // then
        assertThat(emulated.objects()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void aRestoreIsOneRequestAndNamesTheObject(ObjectKind kind) {
        // given
        List<String> versions = seed(kind, "one");
        byte[] backup = backup(kind);
        emulated.delete(kind.word(), "one");
        emulated.purge(kind.word(), "one");
        emulated.requests().reset();

        // when
        ObjectId restored = target.restore(kind, backup);

        // then
        assertThat(restored).isEqualTo(new ObjectId(kind, "one"));
        assertThat(emulated.object(kind.word(), "one").orElseThrow().versions()).isEqualTo(versions);
        assertThat(emulated.requests().count(Operation.RESTORE, 200)).isEqualTo(1);
        assertThat(emulated.requests().total()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void aNameThatIsBeingDeletedMayBeFreeOrRecoverableSoon(ObjectKind kind) {
        // given
        open(VaultSettings.of("slow").withDeletePause(Duration.ofSeconds(5)));
        seed(kind, "one");
        byte[] backup = backup(kind);
        emulated.delete(kind.word(), "one");

        // when
        Failure failure = Opened.failureOf(() -> target.restore(kind, backup));

        // then
        assertThat(failure.code()).isEqualTo("ObjectIsBeingDeleted");
        assertThat(failure.reason()).isEqualTo(FailureReason.NAME_NOT_YET_FREE);
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void aRestoreOntoADeletedNameIsStillToldAsSuch(ObjectKind kind) {
        // given
        seed(kind, "one");
        byte[] backup = backup(kind);
        emulated.delete(kind.word(), "one");

        // when, then
        assertThat(Opened.failureOf(() -> target.restore(kind, backup)).reason())
                .isEqualTo(FailureReason.NAME_SOFT_DELETED);
    }

    private byte[] backup(ObjectKind kind) {
        try (ProtectedBytes bytes = Opened.vault(emulator, emulated.uri())
                .backup(new ObjectId(kind, "one"), 1, new MemoryBudget(64 << 20))) {
            return bytes.content().clone();
        }
    }

    private List<String> seed(ObjectKind kind, String name) {
        return switch (kind) {
            case SECRET -> emulated.secret(name).versions(3).versionIds();
            case KEY -> emulated.key(name).versions(3).versionIds();
            case CERTIFICATE -> emulated.certificate(name).versions(3).versionIds();
        };
    }
}
