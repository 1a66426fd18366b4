package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.Postgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                    .set("spring.datasource.url", database.jdbcUrl())
                    .set("spring.datasource.username", database.user())
                    .set("spring.datasource.password", database.password());

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
                            Bench.StepCounts.completed("backup", 61),
                            Bench.StepCounts.completed("seal", 0),
                            Bench.StepCounts.completed("inventory", 0),
                            Bench.StepCounts.completed("backup", 1),
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
}
