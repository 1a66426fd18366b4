package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.store.directory.Mount;
import io.keyvaultbackup.testservices.Azurite;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A store that is not there, or that may not be written, has exit codes of its own. */
class StoreAccessTest extends EmulatedVaultTest {

    @BeforeEach
    void prepare() {
        bench.with(FastTime.class);
        vault.secrets("app", 3);
        vault.certificate("site");
    }

    @Test
    void anIdentityThatMayListTheStoreButNotAddToItIsNotAuthorised() {
        Bench.Result result =
                bench.onContainer(Azurite.shared().newContainer(), "l").backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(result.failures()).containsEntry("secret/app000000", "STORE_NOT_AUTHORISED");
    }

    @Test
    void anIdentityThatMayDoNothingThereIsNotAuthorised() {
        Bench.Result result =
                bench.onContainer(Azurite.shared().newContainer(), "d").backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void whereTheRunBrokeOffIsShownByDebugAlone(CapturedOutput log) {
        // given a store that can be listed, and takes neither copy nor manifest
        bench.onContainer(Azurite.shared().newContainer(), "l");

        // when, then
        bench.backUp(vault);
        assertThat(log.getAll()).doesNotContain("\tat ");
        bench.backUp(vault, "--debug");
        assertThat(log.getAll()).contains("StoreException", "\tat ");
    }

    @Test
    void aDirectoryThatMayOnlyBeReadIsNotAuthorised() throws IOException {
        Files.createDirectories(bench.store());
        try (Mount mount = Mount.ofOneMegabyte(bench.store())) {
            mount.makeReadOnly();

            Bench.Result result = bench.backUp(vault);

            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        }
    }

    @Test
    void aContainerThatIsNotThereIsNotFound() {
        Bench.Result result = bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.connection-string", Azurite.shared().connectionString())
                .set("keyvault-backup.store.container", "no-such-container")
                .backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(10);
    }

    @Test
    void anAccountWhoseNameNobodyKnowsIsNotFound() {
        bench.onContainer(Azurite.shared().newContainer(), "rcwl")
                .set("keyvault-backup.store.container-url", "https://no-such-account.invalid/backups");

        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(10);
        assertThat(result.out())
                .contains("the name of no-such-account.invalid cannot be resolved", "there is no such storage account");
    }

    @Test
    void anAuthorityWhoseNameNobodyKnowsIsNoMatterOfTheStores() {
        bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.container-url", "https://localhost:1/account/backups")
                .set("keyvault-backup.azure.credential", "client-secret")
                .set("keyvault-backup.azure.authority-host", "https://no-such-authority.invalid")
                .set("keyvault-backup.azure.instance-discovery", "false")
                .set("keyvault-backup.azure.tenant-id", "99999999-2222-3333-4444-555555555555")
                .set("keyvault-backup.azure.client-id", "11111111-2222-3333-4444-555555555555")
                .set("keyvault-backup.azure.client-secret", "TopSecretValue~8Q");

        Bench.Result result = bench.backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
        assertThat(result.out()).contains("the name of no-such-authority.invalid cannot be resolved");
    }

    @Test
    void quietlyAndWellNothingIsSaid() {
        Bench.Result result =
                bench.run("backup", "--quiet", "--vault", vault.uri().toString());

        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEmpty();
    }

    @Test
    void quietlyAndNotWellTheFailureIsTold() {
        vault.faults()
                .on(io.keyvaultbackup.emulator.Operation.BACKUP, "secret", "app000001")
                .always()
                .forbid("ForbiddenByRbac");

        Bench.Result result =
                bench.run("backup", "--quiet", "--vault", vault.uri().toString());

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.out()).startsWith("INCOMPLETE").contains("secret/app000001", "ForbiddenByRbac");
    }
}
