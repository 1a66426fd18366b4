package io.keyvaultbackup.benchmark;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each verb does a second in a vault of 10,000 objects and in one of ten times as many, or of {@code -Dbench.objects}: what is linear keeps its
 * rate. A directory store, H2, no limit.
 */
class GrowthBenchmark {

    /** So few that a run of them is little but its start. */
    private static final int FEW = 10;

    /** In the order in which they follow one another in a vault; the first is there for the others. */
    private static final List<String> VERBS = List.of("full", "incremental", "verify", "restore", "forget");

    @TempDir
    private Path directory;

    /** By verb and number of objects. */
    private final Map<String, List<Measured>> runs = new TreeMap<>();

    private int number;

    @Test
    void growsLinearly() throws Exception {
        int some = Integer.getInteger("bench.objects", 10_000);
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                Part part = new Part("growth", "Growth: the verbs by the number of objects")) {
            Program program = new Program(emulator, Files.createDirectories(directory.resolve("program")));
            for (int round = 0; round < Part.repetitions(); round++) {
                measure(program, emulator, FEW);
                measure(program, emulator, some);
            }
            measure(program, emulator, 10 * some);
            for (String verb : VERBS) {
                double rate = told(part, verb, some);
                double ofMore = told(part, verb, 10 * some);
                part.goal(Goal.atLeast(verb + ": the rate of ten times as many", 100 * ofMore / rate, 85, "%"));
            }
            part.note(
                    "The rates are of a process's time less the median of the same with " + FEW
                            + " objects; verify reads every byte, and forget removes a full snapshot and the changed hundredth of another.");
        }
    }

    private void measure(Program program, KeyVaultEmulator emulator, int objects)
            throws IOException, InterruptedException {
        Bench bench = new Bench(Files.createDirectories(directory.resolve("run" + ++number)), emulator)
                .set("keyvault-backup.budget", "1000000")
                .set("keyvault-backup.restore.budget", "1000000")
                .set("keyvault-backup.refresh-days", "0");
        EmulatedVault vault = emulator.vault("from-" + number);
        vault.secrets("app", objects);
        String from = vault.uri().toString();
        String to = emulator.vault("to-" + number).uri().toString();
        run(program, bench, "full", objects, "backup", "--json", "--vault", from);
        for (int changed = 0; changed < objects; changed += 100) {
            vault.rotate("secret", "app%06d".formatted(changed));
        }
        Thread.sleep(3_000); // as if it were hours ago: else the run waits until it can tell a change after that
        run(program, bench, "incremental", objects, "backup", "--json", "--vault", from);
        run(program, bench, "verify", objects, "verify", "--json", "--read-data", "--vault", from);
        run(program, bench, "restore", objects, "restore", "--json", "--yes", "--from", from, "--to", to);
        program.run(bench, program.container(), "backup", "--json", "--full", "--vault", from)
                .succeeded();
        run(program, bench, "forget", objects, "forget", "--json", "--keep-last", "1", "--vault", from);
    }

    private void run(Program program, Bench bench, String verb, int objects, String... arguments)
            throws IOException, InterruptedException {
        Measured measured = program.run(bench, program.container(), arguments).succeeded();
        runs.computeIfAbsent(verb + objects, one -> new ArrayList<>()).add(measured);
    }

    /** @return objects a second */
    private double told(Part part, String verb, int objects) {
        String of = verb + ", " + Report.number(objects) + " objects";
        Figure few = new Figure("", "", "", seconds(verb, FEW));
        List<Double> rates = seconds(verb, objects).stream()
                .map(seconds -> objects / (seconds - few.median()))
                .toList();
        part.figure(
                of,
                "CPU of 1,000 objects, with the start",
                "s",
                all(verb, objects).stream()
                        .map(measured -> 1_000 * measured.cpuSeconds() / objects)
                        .toList());
        return part.figure(of, "rate", "objects/s", rates).median();
    }

    private List<Double> seconds(String verb, int objects) {
        return all(verb, objects).stream().map(Measured::seconds).toList();
    }

    private List<Measured> all(String verb, int objects) {
        return Objects.requireNonNull(runs.get(verb + objects));
    }
}
