package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.store.directory.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The disk of a directory store fills up under a run. */
@ExtendWith(OutputCaptureExtension.class)
class DiskFullTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final int OBJECTS = 120;

    @Test
    void whatFindsNoRoomFailsNothingIsHalfThereAndWithRoomTheRunIsFinished(CapturedOutput process) throws IOException {
        // given room for some of the copies
        vault.secrets("app", OBJECTS);
        bench.set("keyvault-backup.store.lease", "2s");
        Files.createDirectory(bench.store());
        try (Mount mount = Mount.ofOneMegabyte(bench.store())) {

            // when
            Bench.Result full = bench.backUp(vault, "--scheduled-for", NIGHT);

            // then it is told of each object, and the copies that are there are whole
            assertThat(full.exitCode()).as(full.out() + full.err() + process).isEqualTo(3);
            Map<String, byte[]> copies = bench.blobs();
            assertThat(copies.size()).isBetween(20, OBJECTS - 1);
            copies.values()
                    .forEach(copy ->
                            assertThat(vault.openBackup(copy).versions()).hasSize(1));
            assertThat(full.outcomes())
                    .isEqualTo(Map.of("BACKED_UP", (long) copies.size(), "FAILED", (long) OBJECTS - copies.size()));
            assertThat(Set.copyOf(full.failures().values())).containsExactly("STORE_FULL");
            assertThat(full.lines("error").getFirst().path("message").asString())
                    .contains("No space left");
            assertThat(temporaries()).isEmpty();
            assertThat(process.getAll()).doesNotContain("\tat ");

            // and once there is room
            mount.enlarge();
            Bench.Result relaunch;
            do {
                relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
            } while (relaunch.exitCode() == 11); // where not even the lease could be given back
            assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
            assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", (long) OBJECTS));
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS + (long) OBJECTS - copies.size());
            Agreement.of(bench, vault, NIGHT).assertHolds();
        }
    }

    private Stream<Path> temporaries() throws IOException {
        try (Stream<Path> files = Files.walk(bench.store())) {
            return files.filter(file -> file.toString().endsWith(".tmp")).toList().stream();
        }
    }
}
