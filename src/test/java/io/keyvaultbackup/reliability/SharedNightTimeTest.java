package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much faster a night is that two and four processes share, each vault bounded by its own budget, one vault at a time in each process, so that the largest, nearly an
 * eighth of all, does not decide: whole processes, their start among it. In real time, some seventeen minutes.
 */
@Tag("benchmark")
class SharedNightTimeTest {

    private static final String BUDGET = "60";
    private static final int LARGEST = Integer.getInteger("shared-night.largest", 120);
    private static KeyVaultEmulator emulator;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void end() {
        emulator.close();
    }

    private Duration night(int processes) throws IOException {
        SharedNight night =
                new SharedNight(Files.createDirectory(directory.resolve(processes + "")), emulator, null, LARGEST);
        night.hasHadANightBefore(BUDGET);
        assertThat(night.largest() * 8).isLessThanOrEqualTo(night.objects());
        long began = System.nanoTime();
        List<OwnProcess.Running> running = new ArrayList<>();
        for (int number = 0; number < processes; number++) {
            running.add(night.start("keyvault-backup.budget", BUDGET, "keyvault-backup.vaults-at-once", "1"));
        }
        for (OwnProcess.Running one : running) {
            Bench.Result result = one.await();
            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(night.backupCalls()).isEqualTo(night.objects());
        night.assertThatAllAgree();
        System.out.printf(
                Locale.ROOT,
                "%d processes: %d objects of 40 vaults, the largest %d, in %.1f s%n",
                processes,
                night.objects(),
                night.largest(),
                took.toMillis() / 1000.0);
        return took;
    }

    @Test
    void processesThatShareANightAreManyTimesFasterThanOne() throws IOException {
        new OwnProcess(directory, emulator, new Bench(directory, emulator))
                .run("version"); // trains what all start from
        double one = night(1).toMillis();
        double two = one / night(2).toMillis();
        double four = one / night(4).toMillis();
        System.out.printf(Locale.ROOT, "two processes: %.2f times one, four: %.2f times%n", two, four);
        assertThat(two).isGreaterThanOrEqualTo(1.8);
        assertThat(four).isGreaterThanOrEqualTo(3.4);
    }
}
