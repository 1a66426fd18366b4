package io.keyvaultbackup.benchmark;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a process's start to its first call of a vault, in each way of starting it, in turns; and what answers without Spring. */
class StartBenchmark {

    private static final int ROUNDS = 7;

    @TempDir
    private Path directory;

    @Test
    void startsInASecond() throws Exception {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                Part part = new Part("start", "Start: from the process to the first call of a vault")) {
            Program program = new Program(emulator, Files.createDirectories(directory.resolve("program")));
            Map<String, List<String>> ways = new LinkedHashMap<>();
            ways.put("plain jar", program.plainJar());
            ways.put("extracted", program.extracted());
            ways.put("AOT cache", program.cached());
            ways.put("AOT cache, options of the manifests", program.container());
            EmulatedVault vault = emulator.vault("start");
            vault.secrets("app", 5);
            Map<String, List<Double>> first = new LinkedHashMap<>();
            Map<String, List<Double>> whole = new LinkedHashMap<>();
            Map<String, List<Double>> cpu = new LinkedHashMap<>();
            for (int round = 0; round <= ROUNDS; round++) {
                for (Map.Entry<String, List<String>> way : ways.entrySet()) {
                    Bench bench = new Bench(
                            Files.createDirectories(
                                    directory.resolve(round + way.getKey().replaceAll("\\W", ""))),
                            emulator);
                    vault.requests().reset();
                    Measured measured = program.run(
                                    bench,
                                    way.getValue(),
                                    "backup",
                                    "--json",
                                    "--vault",
                                    vault.uri().toString())
                            .succeeded();
                    if (round > 0) { // the first has the files read from the disk
                        add(first, way.getKey(), seconds(measured, vault));
                        add(whole, way.getKey(), measured.seconds());
                        add(cpu, way.getKey(), measured.cpuSeconds());
                    }
                }
            }
            double cached = 0;
            double plain = 0;
            for (String way : ways.keySet()) {
                Figure figure = part.figure(way, "first call", "s", first.getOrDefault(way, List.of()));
                part.figure(way, "backup of 5 secrets, to its end", "s", whole.getOrDefault(way, List.of()));
                part.figure(way, "CPU of that", "s", cpu.getOrDefault(way, List.of()));
                plain = way.equals("plain jar") ? figure.median() : plain;
                cached = way.equals("AOT cache, options of the manifests") ? figure.median() : cached;
            }
            part.goal(Goal.atMost("first call of a vault, as in the container", cached, 1.0, "s"));
            part.goal(Goal.atMost("the same against the plain jar", 100 * cached / plain, 40, "%"));
            for (String verb : List.of("--help", "version")) {
                Figure figure = part.figure(verb, "to its end", "s", times(program, program.container(), verb));
                part.goal(Goal.atMost(verb, figure.median(), 0.5, "s"));
            }
            part.figure("the JVM alone, -version", "to its end", "s", times(program, List.of(), "-version"));
            part.note("The JVM alone tells how fast the machine is at the time.");
        }
    }

    private static List<Double> times(Program program, List<String> way, String argument)
            throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            Measured measured = program.run(way, List.of(argument)).succeeded();
            if (round > 0) {
                seconds.add(measured.seconds());
            }
        }
        return seconds;
    }

    private static void add(Map<String, List<Double>> all, String way, double value) {
        all.computeIfAbsent(way, one -> new ArrayList<>()).add(value);
    }

    private static double seconds(Measured measured, EmulatedVault vault) {
        return Duration.between(
                                measured.startedAt(),
                                Objects.requireNonNull(vault.requests().firstArrival()))
                        .toNanos()
                / 1e9;
    }
}
