package io.keyvaultbackup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.backup.TrainedProgram;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.reliability.PackagedProgram;
import io.keyvaultbackup.snapshot.ChainLink;
import io.keyvaultbackup.snapshot.Manifests;
import io.keyvaultbackup.store.BlobContent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long {@code ls}, {@code diff} and {@code verify} take with 100,000 objects in a manifest and 256 MB of heap, each in a process of its own, as
 * the jar and as the jar taken apart with a cache of its classes: {@code ./mvnw package -DskipTests -Djacoco.skip && ./mvnw test
 * -Dtest=LargeSnapshotTest -DexcludedGroups= -Djacoco.skip -Dpackaged-program.jar=target/keyvault-backup.jar}.
 */
@Tag("benchmark")
class LargeSnapshotTest {

    private static final int OBJECTS = Integer.getInteger("large.objects", 100_000);

    @TempDir
    private Path directory;

    @Test
    void eachVerbReadsALargeSnapshotInASmallHeap() throws IOException {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            Bench bench = new Bench(directory, emulator).set("keyvault-backup.vaults[0]", "team-a");
            Path store = Files.createDirectories(bench.store());
            List<LedgerObject> objects = Manifests.objects(new Random(1), OBJECTS);
            for (LedgerObject object : objects) {
                ObjectResult.Blob blob = object.result().blob();
                if (blob != null) {
                    write(store, blob.name(), new byte[Math.toIntExact(blob.size())]);
                }
            }
            Path draft = directory.resolve("draft");
            try (OutputStream output = Files.newOutputStream(draft)) {
                Manifests.write(output, objects, new ChainLink(1, null, null));
            }
            String name = Manifests.name(objects);
            write(store, name, Files.readAllBytes(draft));

            // when
            TrainedProgram apart = PackagedProgram.takenApart(directory);
            OwnProcess learning = new OwnProcess(directory, emulator, bench).of(apart.learning());
            assertThat(learning.run("verify").exitCode()).isZero(); // makes the job database, too
            OwnProcess jar = new OwnProcess(directory, emulator, bench)
                    .inHeapOf("256m")
                    .of(List.of(
                            "-jar",
                            Path.of(Objects.requireNonNull(System.getProperty("packaged-program.jar")))
                                    .toAbsolutePath()
                                    .toString()));
            OwnProcess quick = new OwnProcess(directory, emulator, bench).of(apart.learned());
            measure("as a jar", jar);
            measure("taken apart, with a cache of its classes and the options for a quick start", quick);
        }
    }

    private static void measure(String how, OwnProcess program) {
        System.out.println(how);
        for (List<String> verb : List.of(
                List.of("version"), List.of("ls", "latest"), List.of("diff", "latest", "latest"), List.of("verify"))) {
            long began = System.nanoTime();
            Bench.Result result = program.run(verb.toArray(String[]::new));
            System.out.printf(
                    "%-20s %.1f s, exit %d, %,d lines%n",
                    verb,
                    (System.nanoTime() - began) / 1e9,
                    result.exitCode(),
                    result.out().lines().count());

            // then
            assertThat(result.err()).doesNotContain("OutOfMemory");
            assertThat(result.exitCode())
                    .as(result.out().lines().limit(9).toList() + result.err())
                    .isZero();
        }
    }

    private static void write(Path store, String name, byte[] bytes) throws IOException {
        Path file = store.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        String notes = "{\"chain\":\"1\",\"sha256\":\"" + BlobContent.of(bytes).sha256() + "\"}";
        Files.writeString(file.resolveSibling(file.getFileName() + ".meta"), notes);
    }
}
