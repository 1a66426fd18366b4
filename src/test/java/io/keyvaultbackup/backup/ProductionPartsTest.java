package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.testservices.Postgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** With PostgreSQL as the job database and Blob Storage as the store, as in production. */
class ProductionPartsTest {

    @TempDir
    private Path directory;

    @Test
    void anIncompleteRunIsFinishedByItsRelaunch() {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault vault = emulator.vault("production");
            vault.secrets("app", 60);
            vault.certificate("site");
            String failing = "app000059";
            vault.faults().on(Operation.BACKUP, "secret", failing).times(1).forbid("ForbiddenByRbac");
            Postgres.Database database = Postgres.shared().newDatabase();
            Azurite.Container container = Azurite.shared().newContainer();
            Bench bench = new Bench(directory, emulator)
                    .without("keyvault-backup.store.directory")
                    .set("keyvault-backup.store.connection-string", container.connectionString())
                    .set("keyvault-backup.store.container", container.name())
                    .onDatabase(database);

            // when
            Bench.Result first = bench.backUp(vault, "--scheduled-for", "2026-11-24T03:00:00Z");
            Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", "2026-11-24T03:00:00Z");

            // then
            assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
            assertThat(first.outcomes())
                    .isEqualTo(Map.of("BACKED_UP", 60L, "COVERED_BY_CERTIFICATE", 2L, "FAILED", 1L));
            assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
            assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 61L, "COVERED_BY_CERTIFICATE", 2L));
            assertThat(bench.steps())
                    .containsExactly(
                            Bench.StepCounts.completed("inventory", 63),
                            Bench.StepCounts.completed("reuse", 0),
                            Bench.StepCounts.completed("backup", 61),
                            Bench.StepCounts.completed("closing", 63),
                            Bench.StepCounts.completed("settle", 0),
                            Bench.StepCounts.completed("seal", 0),
                            Bench.StepCounts.completed("inventory", 0),
                            Bench.StepCounts.completed("reuse", 0),
                            Bench.StepCounts.completed("backup", 1),
                            Bench.StepCounts.completed("closing", 63),
                            Bench.StepCounts.completed("settle", 0),
                            Bench.StepCounts.completed("seal", 0));

            // and the container holds 61 blobs that open, and two manifests
            BlobContainerClient client = Azurite.shared().client(container.name());
            List<String> names =
                    client.listBlobs().stream().map(BlobItem::getName).toList();
            assertThat(names.stream().filter(name -> name.contains("/manifests/")))
                    .hasSize(2);
            List<String> blobs =
                    names.stream().filter(name -> !name.contains("/manifests/")).toList();
            assertThat(blobs).hasSize(61);
            for (String name : blobs) {
                byte[] bytes = client.getBlobClient(name).downloadContent().toBytes();
                assertThat(name)
                        .contains("/" + vault.openBackup(bytes).kind() + "/"
                                + vault.openBackup(bytes).name() + ".");
            }
            Bench.Result runs = bench.run("runs");
            assertThat(runs.out())
                    .contains("COMPLETE")
                    .contains(relaunch.summary().path("snapshot").asString());
        }
    }

    @Test
    void blobStorageRefusingOneUploadFailsThatObjectAndARelaunchWritesIt() {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            // given Blob Storage that refuses the first upload for good
            EmulatedVault vault = emulator.vault("refused-upload");
            vault.secrets("app", 5);
            Azurite.Container container = Azurite.shared().newContainer();
            FaultyWay.Fault refusal = new FaultyWay.Fault.Refusal(
                    403,
                    "AuthorizationPermissionMismatch",
                    "This request is not authorized to perform this operation using this permission.",
                    Map.of());
            vault.faults()
                    .on(Operation.BACKUP)
                    .times(1)
                    .before(() -> way.next("PUT", refusal)); // after the lease's own
            Bench bench = new Bench(directory, emulator)
                    .without("keyvault-backup.store.directory")
                    .set("keyvault-backup.store.connection-string", Azurite.connectionString(way.url()))
                    .set("keyvault-backup.store.container", container.name());

            // when
            Bench.Result first = bench.backUp(vault, "--scheduled-for", "2026-11-24T03:00:00Z");

            // then that object failed, with the store's words, and the others are there
            assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
            assertThat(first.outcomes()).isEqualTo(Map.of("BACKED_UP", 4L, "FAILED", 1L));
            assertThat(first.failures().values()).containsExactly("STORE_NOT_AUTHORISED");
            JsonNode error = first.lines("error").getFirst();
            assertThat(error.path("message").asString()).contains("not authorized to perform this operation");
            assertThat(error.path("request_id").asString()).isEqualTo("request-of-the-fault");
            assertThat(error.path("advice").asString()).isNotBlank();
            assertThat(way.paths("PUT").stream().filter(path -> path.contains("/" + container.name() + "/")))
                    .as("five copies and a manifest")
                    .hasSize(6);
            assertThat(bench.steps().get(2)).isEqualTo(Bench.StepCounts.completed("backup", 5));

            // and when it is relaunched
            Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", "2026-11-24T03:00:00Z");
            assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
            assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 5L));
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(6);
            List<String> blobs = Azurite.shared().client(container.name()).listBlobs().stream()
                    .map(BlobItem::getName)
                    .filter(name -> !name.contains("/manifests/"))
                    .toList();
            assertThat(blobs).hasSize(5);
            assertThat(blobs.stream().filter(name -> name.endsWith(".2"))).hasSize(1);
        }
    }
}
