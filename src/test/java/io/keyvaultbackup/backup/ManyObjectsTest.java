package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.KeyvaultBackup;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory does not grow with the number of objects: a process of its own, with a heap that a copy of them all would not fit into. */
class ManyObjectsTest {

    private static final int SECRETS = Integer.getInteger("many-objects-test.secrets", 15_000);

    /**
     * Measured (24 November 2026, live heap after full collections, every 6 s of a run over 20,000 objects): 47 MB after 3,000 objects,
     * 40 to 49 MB until 19,000, 55 MB while sealing. A kilobyte kept of each object would be 15 MB more than this heap has.
     */
    private static final String HEAP = System.getProperty("many-objects-test.heap", "-Xmx60m");

    /** Most of the heap is for what stays: else the collector, which has nothing else to give it, runs all the time. */
    private static final String YOUNG = "-Xmn6m";

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    void aHeapThatIsEnoughForSomeObjectsIsEnoughForAnyNumberOfThem() throws Exception {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault vault = emulator.vault("many");
            vault.secrets("app", SECRETS);
            Bench bench = new Bench(directory, emulator)
                    .set("keyvault-backup.budget", "10000000")
                    .set("keyvault-backup.memory", "4MB")
                    .set("keyvault-backup.list-versions", "false");

            // when
            ProcessBuilder builder = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            HEAP,
                            YOUNG,
                            "-XX:+UseSerialGC",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            KeyvaultBackup.class.getName(),
                            "backup",
                            "--json",
                            "--vault",
                            vault.uri().toString(),
                            "--config",
                            bench.configuration().toString()))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile());
            builder.environment().putAll(emulator.tokens().environment());
            int exitCode = builder.start().waitFor();

            // then
            Bench.Result result = new Bench.Result(exitCode, lastLines(directory.resolve("output")), "");
            assertThat(exitCode).as(result.out()).isZero();
            assertThat(result.outcomes()).containsOnly(java.util.Map.entry("BACKED_UP", (long) SECRETS));
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(SECRETS);
        }
    }

    private static String lastLines(Path file) throws java.io.IOException {
        List<String> lines = Files.readAllLines(file);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }
}
