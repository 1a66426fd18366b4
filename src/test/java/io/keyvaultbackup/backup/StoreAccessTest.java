package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import io.keyvaultbackup.store.directory.Mount;
import io.keyvaultbackup.testservices.Azurite;
import java.io.IOException;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store that is not there, or that may not be written, has exit codes of its own. */
class StoreAccessTest extends EmulatedVaultTest {

    @BeforeEach
    void prepare() {
        vault.secrets("app", 3);
        vault.certificate("site");
    }

    private Bench withToken(Azurite.Container container, String rights) {
        String token = Azurite.shared()
                .client(container.name())
                .generateSas(new BlobServiceSasSignatureValues(
                        OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(rights)));
        return bench.without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.container-url", container.url().toString())
                .set("keyvault-backup.store.sas-token", token)
                .set("keyvault-backup.store.lease-sas-token", leaseToken(container.name() + "-leases"));
    }

    private static String leaseToken(String name) {
        BlobContainerClient leases = Azurite.shared().client(name);
        leases.createIfNotExists();
        return leases.generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse("rcw")));
    }

    @Test
    void anIdentityThatMayListTheStoreButNotAddToItIsNotAuthorised() {
        Bench.Result result = withToken(Azurite.shared().newContainer(), "l").backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(result.failures()).containsEntry("secret/app000000", "STORE_NOT_AUTHORISED");
    }

    @Test
    void anIdentityThatMayDoNothingThereIsNotAuthorised() {
        Bench.Result result = withToken(Azurite.shared().newContainer(), "d").backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
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
