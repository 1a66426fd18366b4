package io.keyvaultbackup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar, in a process of its own. */
class PackagedProgramIT {

    @TempDir
    private Path directory;

    @Test
    void helpDocumentsOptionsExamplesAndExitCodes() throws Exception {
        Ended help = run(Map.of(), "backup", "--help");

        assertThat(help.exitCode()).as(help.err()).isZero();
        assertThat(help.out())
                .contains(
                        "--vault",
                        "--store",
                        "--kind",
                        "--include",
                        "--exclude",
                        "--budget",
                        "--scheduled-for",
                        "--dry-run")
                .contains("Examples:", "Exit codes:")
                .containsPattern("3 +incomplete, and a relaunch may help")
                .containsPattern("5 +incomplete, and no relaunch can help");
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void versionIsTheBuilds() throws Exception {
        Ended version = run(Map.of(), "version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).matches("(?s)keyvault-backup \\d+\\.\\d+\\.\\d+\\S* \\(Java 25.*\\)\\s+");
    }

    @Test
    void backsUpAVaultWithTheManagedIdentityOfItsEnvironment() throws Exception {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault vault = emulator.vault("packaged");
            vault.secrets("app", 30);
            Bench bench = new Bench(directory, emulator);

            // when
            Ended backup = run(
                    emulator.tokens().environment(),
                    "backup",
                    "--vault",
                    vault.uri().toString(),
                    "--config",
                    bench.configuration().toString());

            // then standard output is the summary and nothing else
            assertThat(backup.exitCode()).as(backup.out() + backup.err()).isZero();
            assertThat(backup.out()).startsWith("Complete: ").containsPattern("backed up +30");
            assertThat(backup.out()).doesNotContain("\r").doesNotContain("WARN");
            assertThat(bench.blobs()).hasSize(31);
        }
    }

    private record Ended(int exitCode, String out, String err) {}

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-jar",
                Objects.requireNonNull(System.getProperty("packaged-program.jar"), "run by Maven, after packaging")));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        process.environment().putAll(environment);
        int exitCode = process.start().waitFor();
        return new Ended(
                exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
