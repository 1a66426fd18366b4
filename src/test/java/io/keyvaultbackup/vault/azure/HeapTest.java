package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.KeyvaultBackup;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the bounds on memory are for: a process of its own, with the heap of a small pod. */
@Tag("alone")
class HeapTest {

    private static final String HEAP = System.getProperty("heap-test.heap", "-Xmx192m");
    private static final int SECRETS = 48;
    private static final int BLOB = 16 << 20;

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void aSmallHeapIsEnoughForManyLargeBlobsAtATime() throws Exception {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given 48 blobs of 16 MB, four times the heap, and four of them being made at a time: the emulator needs
            // room as well
            EmulatedVault vault = emulator.vault("large");
            for (int number = 0; number < SECRETS; number++) {
                vault.secret("large-" + number).blobSize(BLOB);
            }
            Semaphore atWork = new Semaphore(4);
            vault.faults()
                    .on(Operation.BACKUP)
                    .before(atWork::acquireUninterruptibly)
                    .after(atWork::release);

            // when
            Process process = start(emulator, vault);

            // then
            int exitCode = process.waitFor();
            String output = output();
            assertThat(exitCode).as(output).isZero();
            assertThat(summary(output).path("outcomes").toString()).isEqualTo("{\"BACKED_UP\":48}");
            assertThat(vault.requests().count(Operation.BACKUP, 200)).isEqualTo(SECRETS);
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(SECRETS);
            assertThat(vault.requests().count(Operation.GET)).isZero();
            assertThat(vault.requests().maximumConcurrent()).isGreaterThan(8);
        }
    }

    private Process start(KeyVaultEmulator emulator, EmulatedVault vault) throws IOException {
        Bench bench = new Bench(directory, emulator).set("keyvault-backup.threads", "32");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                KeyvaultBackup.class.getName(),
                "backup",
                "--json",
                "--vault",
                vault.uri().toString(),
                "--config",
                bench.configuration().toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().putAll(emulator.tokens().environment());
        builder.environment().put("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
        return builder.start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    private static JsonNode summary(String output) {
        return output.lines()
                .filter(line -> line.contains("\"summary\""))
                .map(new JsonMapper()::readTree)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no summary in: " + output));
    }
}
