package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ScratchVault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzureScratchVaultTest {

    private static KeyVaultEmulator emulator;

    private EmulatedVault emulated;
    private ScratchVault scratch;

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
        open(VaultSettings.of("scratch"));
    }

    private void open(VaultSettings settings) {
        emulated = emulator.vault(settings);
        scratch = Opened.vaults(emulator).scratch(emulated.uri());
    }

    @AfterEach
    void oneRequestAndNoPollerAsked() {
        assertThat(emulated.requests().total()).isEqualTo(1);
        assertThat(emulated.requests().count(Operation.GET)).isZero();
        assertThat(emulated.requests().count(Operation.GET_DELETED)).isZero();
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void aDeletionIsOneRequestAndTheObjectCanBeRecovered(ObjectKind kind) {
        // given
        emulated.make(kind.word(), "one");
        emulated.make(kind.word(), "other");

        // when
        scratch.delete(new ObjectId(kind, "one"));

        // then
        assertThat(emulated.requests().count(Operation.DELETE, kind.word(), "one"))
                .isEqualTo(1);
        assertThat(emulated.requests().count(Operation.DELETE, 200)).isEqualTo(1);
        assertThat(emulated.object(kind.word(), "one")).isEmpty();
        assertThat(emulated.object(kind.word(), "other")).isPresent();
        emulated.recover(kind.word(), "one");
        assertThat(emulated.object(kind.word(), "one")).isPresent();
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void aPurgeIsOneRequestAndItsNameIsFree(ObjectKind kind) {
        // given
        emulated.make(kind.word(), "one");
        emulated.delete(kind.word(), "one");

        // when
        scratch.purge(new ObjectId(kind, "one"));

        // then
        assertThat(emulated.requests().count(Operation.PURGE, kind.word(), "one"))
                .isEqualTo(1);
        assertThat(emulated.requests().count(Operation.PURGE, 204)).isEqualTo(1);
        emulated.make(kind.word(), "one");
        assertThat(emulated.object(kind.word(), "one")).isPresent();
    }

    @Test
    void aDeletedCertificateTakesItsKeyAndItsSecretWithIt() {
        // given
        emulated.certificate("web");

        // when
        scratch.delete(new ObjectId(ObjectKind.CERTIFICATE, "web"));

        // then
        assertThat(emulated.objects()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ObjectKind.class,
            names = {"SECRET", "KEY"})
    void whatBelongsToACertificateIsNotDeletedByItself(ObjectKind kind) {
        // given
        emulated.certificate("web");

        // when
        Failure failure = Opened.failureOf(() -> scratch.delete(new ObjectId(kind, "web")));

        // then
        assertThat(failure.reason()).isEqualTo(FailureReason.MANAGED_BY_CERTIFICATE);
        assertThat(emulated.objects()).hasSize(3);
    }

    /** What the service answers is not known, so only that it is a failure is asked for here; the recovery level tells beforehand. */
    @ParameterizedTest
    @ValueSource(ints = {400, 403, 409})
    void aPurgeUnderPurgeProtectionFailsHoweverTheServiceRefusesIt(int status) {
        // given
        open(VaultSettings.of("protected")
                .withPurgeProtection(true)
                .withPurgeRefusal(new VaultSettings.ErrorAnswer(status, "Refused", "Not in this vault.")));
        emulated.secret("one");
        emulated.delete("secret", "one");

        // when
        Failure failure = Opened.failureOf(() -> scratch.purge(new ObjectId(ObjectKind.SECRET, "one")));

        // then
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.reason().mayPass()).isFalse();
        assertThat(failure.describe()).contains("Not in this vault.");
        emulated.recover("secret", "one");
        assertThat(emulated.object("secret", "one")).isPresent();
    }
}
