package io.keyvaultbackup.benchmark;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import one.convert.Arguments;
import one.convert.JfrToFlame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the time and the memory of a backup go: a recording, and flame graphs of it, beside the figures. Measures nothing: recording costs something itself. */
class ProfileBenchmark {

    private static final int OBJECTS = Integer.getInteger("bench.objects", 20_000);

    @TempDir
    private Path directory;

    @Test
    void whereABackupSpendsItsTime() throws Exception {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("profile");
            vault.secrets("app", OBJECTS);
            Program program = new Program(emulator, Files.createDirectories(directory.resolve("program")));
            Path recording =
                    Files.createDirectories(Report.PLACE).toAbsolutePath().resolve("backup.jfr");
            Files.deleteIfExists(recording);
            List<String> way = new ArrayList<>(List.of("-XX:StartFlightRecording:filename=" + recording
                    + ",settings=profile,jdk.ObjectAllocationSample#throttle=1000/s"));
            way.addAll(program.cached());

            program.run(
                            new Bench(directory, emulator).set("keyvault-backup.budget", "1000000"),
                            way,
                            "backup",
                            "--json",
                            "--vault",
                            vault.uri().toString())
                    .succeeded();

            for (String what : List.of("cpu", "alloc")) {
                JfrToFlame.convert(
                        recording.toString(),
                        recording.resolveSibling("backup-" + what + ".html").toString(),
                        new Arguments("--" + what, "--title", "backup of " + OBJECTS + " secrets: " + what));
            }
        }
    }
}
