package io.keyvaultbackup.benchmark;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.VaultSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The most memory that a backup has at any time, within a pod's limit and with its options: of more and more objects, and of large ones. */
class MemoryBenchmark {

    private static final long LIMIT = 256L << 20;
    private static final double MEBI = 1 << 20;
    private static final int MEGABYTE = 1_000_000;

    @TempDir
    private static Path directory;

    private static KeyVaultEmulator emulator;
    private static MemoryLimit limit;
    private static Program program;
    private int number;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        emulator = KeyVaultEmulator.start();
        limit = new MemoryLimit(LIMIT);
        program =
                new Program(emulator, Files.createDirectories(directory.resolve("program"))).startedBy(limit.command());
    }

    @AfterAll
    static void stop() throws IOException {
        emulator.close();
        limit.close();
    }

    /** Of 1,000, 10,000 and 100,000, or around {@code -Dbench.objects}. */
    @Test
    void staysFlat() throws Exception {
        try (Part part = new Part("memory", "Memory: more and more objects")) {
            int middle = Integer.getInteger("bench.objects", 10_000);
            List<Double> medians = new ArrayList<>();
            for (int objects : new int[] {middle / 10, middle, middle * 10}) {
                EmulatedVault vault = emulator.vault("objects-" + objects);
                vault.secrets("app", objects);
                int rounds = objects > middle ? 1 : Part.repetitions();
                medians.add(measure(part, Report.number(objects) + " objects", vault, 32, rounds));
            }
            double growth = 100 * Collections.max(medians) / Collections.min(medians);
            part.goal(Goal.atMost("the largest of the three against the smallest", growth, 110, "%"));
            part.note(limit.words());
        }
    }

    /** 500 MB of copies, of which a pod may have 32 at a time; calls that take a while, so that there are 64 of them. */
    @Test
    void largeCopiesStayBounded() throws Exception {
        try (Part part = new Part("memory-large", "Memory: copies of 1 MB, 64 calls at a time")) {
            EmulatedVault vault = emulator.vault(VaultSettings.of("large").withLatency(Duration.ofMillis(100)));
            for (int object = 0; object < 500; object++) {
                vault.secret("large" + object).blobSize(MEGABYTE);
            }
            String of = "500 objects of 1 MB";
            double peak = measure(part, of, vault, 64, Part.repetitions());
            part.figure(of, "most requests at a time", "", vault.requests().maximumConcurrent());
            part.goal(Goal.atMost("most memory", peak, LIMIT / MEBI, "MiB"));
            part.note(limit.words());
        }
    }

    /** @return the median of the most that each had, in MiB */
    private double measure(Part part, String of, EmulatedVault vault, int threads, int rounds)
            throws IOException, InterruptedException {
        List<Double> peaks = new ArrayList<>();
        List<Double> seconds = new ArrayList<>();
        int killed = 0;
        List<String> way = new ArrayList<>(limit.options());
        way.addAll(program.container());
        for (int round = 0; round < rounds; round++) {
            Bench bench = new Bench(Files.createDirectories(directory.resolve("run" + ++number)), emulator)
                    .set("keyvault-backup.budget", "1000000")
                    .set("keyvault-backup.memory", "32MB")
                    .set("keyvault-backup.threads", String.valueOf(threads));
            Measured measured = program.run(
                    bench, way, "backup", "--json", "--vault", vault.uri().toString());
            if (measured.exitCode() == 137) {
                killed++;
            } else {
                measured.succeeded();
            }
            peaks.add(measured.peakBytes() / MEBI);
            seconds.add(measured.seconds());
        }
        part.figure(of, "time", "s", seconds);
        part.goal(Goal.atMost("killed of " + of, killed, 0, ""));
        return part.figure(of, "most memory", "MiB", peaks).median();
    }
}
