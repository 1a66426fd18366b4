package io.keyvaultbackup.benchmark;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spring Batch, its job repository and the ledger add to a run at 400 requests a second, by the size of the chunks that they are written in. */
class OverheadBenchmark {

    private static final int OBJECTS = Integer.getInteger("bench.objects", 4_000);
    private static final int FEW = 25;
    private static final int BUDGET = 4_000;
    private static final Duration LATENCY = Duration.ofMillis(20);
    private static final String WITHOUT = "without";
    private static final String DEFAULT_CHUNK = "32";

    @TempDir
    private static Path directory;

    private static KeyVaultEmulator emulator;
    private static Program program;
    private int number;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        emulator = KeyVaultEmulator.start();
        program = new Program(emulator, Files.createDirectories(directory.resolve("program")));
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @Test
    void addsLittleToTheCalls() throws Exception {
        try (Part part = new Part("overhead", "What the job repository and the ledger add")) {
            EmulatedVault many = vault(OBJECTS);
            EmulatedVault few = vault(FEW);
            without(few); // what is measured against has its code compiled then
            Map<String, List<Sample>> samples = new LinkedHashMap<>();
            for (int round = 0; round < Part.repetitions(); round++) {
                for (String way : List.of(WITHOUT, "1", DEFAULT_CHUNK, "256")) {
                    Sample start = way.equals(WITHOUT) ? without(few) : with(few, way);
                    Sample whole = way.equals(WITHOUT) ? without(many) : with(many, way);
                    samples.computeIfAbsent(way, name -> new ArrayList<>()).add(whole.since(start));
                }
            }
            tell(part, samples);
        }
    }

    private static void tell(Part part, Map<String, List<Sample>> samples) {
        Map<String, Double> medians = new LinkedHashMap<>();
        samples.forEach((way, taken) -> {
            String of = way.equals(WITHOUT) ? way : "chunks of " + way;
            medians.put(
                    way,
                    part.figure(of, "from the first call to the last", "s", each(taken, Sample::calls))
                            .median());
            part.figure(of, "of the whole process", "s", each(taken, Sample::whole));
            part.figure(of, "CPU beyond that of a start", "s", each(taken, Sample::cpu));
        });
        double without = Objects.requireNonNull(medians.get(WITHOUT));
        medians.forEach((way, seconds) -> {
            if (!way.equals(WITHOUT)) {
                part.figure("chunks of " + way, "added to the calls", "%", 100 * (seconds / without - 1));
            }
        });
        part.goal(Goal.atMost(
                "added to the calls by chunks of " + DEFAULT_CHUNK,
                100 * (Objects.requireNonNull(medians.get(DEFAULT_CHUNK)) / without - 1),
                5,
                "%"));
        part.note(Report.number(OBJECTS)
                + " secrets at 400 requests a second, 20 ms of latency, to a directory. \"Without\" is a program of the"
                + " same parts that writes neither to a database nor a manifest; it has no AOT cache, so processes as a whole do not compare. A"
                + " start is a run of " + FEW + " secrets.");
    }

    private static List<Double> each(List<Sample> samples, ToDoubleFunction<Sample> what) {
        return samples.stream().map(what::applyAsDouble).toList();
    }

    private Sample with(EmulatedVault vault, String chunk) throws IOException, InterruptedException {
        Bench bench = bench().set("keyvault-backup.chunk", chunk);
        program.run(bench, program.container(), "runs").succeeded(); // makes the job database
        vault.requests().reset();
        return Sample.of(
                program.run(
                        bench,
                        program.container(),
                        "backup",
                        "--json",
                        "--vault",
                        vault.uri().toString()),
                vault);
    }

    private Sample without(EmulatedVault vault) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(Program.CONTAINER_OPTIONS);
        command.addAll(List.of("-cp", Program.testClassPath(), WithoutBatch.class.getName()));
        Path configuration = bench().configuration();
        vault.requests().reset();
        return Sample.of(
                program.run(
                        command,
                        List.of("--spring.config.additional-location=file:" + configuration, "--vault=" + vault.uri())),
                vault);
    }

    private Bench bench() throws IOException {
        return new Bench(Files.createDirectories(directory.resolve("run" + ++number)), emulator)
                .set("keyvault-backup.budget", String.valueOf(BUDGET));
    }

    private static EmulatedVault vault(int objects) {
        EmulatedVault vault =
                emulator.vault(VaultSettings.of("overhead-" + objects).withLatency(LATENCY));
        vault.secrets("app", objects);
        return vault;
    }

    private record Sample(double calls, double whole, double cpu) {

        static Sample of(Measured measured, EmulatedVault vault) {
            measured.succeeded();
            if (vault.requests().count(Operation.BACKUP, 200) != vault.objects().size()) {
                throw new AssertionError("not everything was backed up: " + measured.out());
            }
            Duration calls = vault.requests().span();
            return new Sample(calls.toNanos() / 1e9, measured.seconds(), measured.cpuSeconds());
        }

        Sample since(Sample start) {
            return new Sample(calls, whole, cpu - start.cpu);
        }
    }
}
