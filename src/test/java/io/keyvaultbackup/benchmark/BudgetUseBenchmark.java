package io.keyvaultbackup.benchmark;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.RequestLimit;
import io.keyvaultbackup.emulator.VaultSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of its budget the job uses at a service that enforces exactly that, and what it leaves to another client. In real time: half an hour. */
class BudgetUseBenchmark {

    private static final Duration LATENCY = Duration.ofMillis(20);
    private static final int WINDOW_SECONDS = 10;

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
    void usesItsBudget() throws Exception {
        try (Part part = new Part("budget-use", "Use of the budget")) {
            for (int objects : new int[] {5_000, 20_000}) {
                for (int rate : new int[] {400, 200, 50}) {
                    measure(part, objects, rate);
                }
            }
            part.note(
                    "From the first request's arrival to the last one's, of a process as in a pod, from its cold start; 20 ms of latency. Two requests"
                            + " an object (versions, backup) and two listings are spent.");
        }
    }

    private void measure(Part part, int objects, int rate) throws IOException, InterruptedException {
        boolean isLong = objects / rate > 50;
        List<Double> shares = new ArrayList<>();
        List<Double> seconds = new ArrayList<>();
        double throttled = 0;
        for (int round = 0; round < (isLong ? 1 : Part.repetitions()); round++) {
            EmulatedVault vault = vault(rate);
            vault.secrets("app", objects);
            program.run(bench(rate * WINDOW_SECONDS), program.container(), "backup", "--json", "--vault", uri(vault))
                    .succeeded();
            seconds.add(seconds(vault));
            shares.add(100 * vault.requests().cost() / seconds(vault) / rate);
            throttled += vault.requests().throttled();
        }
        String of = Report.number(objects) + " objects, " + rate + " requests a second";
        Figure share = part.figure(of, "of what is allowed", "%", shares);
        part.figure(of, "time", "s", seconds);
        part.figure(of, "answers 429", "", throttled);
        part.goal(Goal.atLeast(of, share.median(), 97, "%"));
        part.goal(Goal.atMost("answers 429 to " + of, throttled, 0, ""));
    }

    /** Another client asks for half of the limit, evenly; ours has the other half as its budget, as is the default. */
    @Test
    void leavesAnotherClientItsHalf() throws Exception {
        try (Part part = new Part("budget-competing", "Beside another client that offers half of the limit")) {
            int limit = 400;
            List<Double> kept = new ArrayList<>();
            List<Double> ours = new ArrayList<>();
            for (int round = 0; round < Part.repetitions(); round++) {
                EmulatedVault vault = vault(limit);
                vault.secrets("app", 3_000);
                double alone;
                double beside;
                try (ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor()) {
                    AtomicLong granted = new AtomicLong();
                    var _ = threads.scheduleAtFixedRate(
                            () -> {
                                if (vault.limit().tryTake(1)) {
                                    granted.incrementAndGet();
                                }
                            },
                            0,
                            2_000_000 / limit,
                            TimeUnit.MICROSECONDS);
                    long began = System.nanoTime();
                    Thread.sleep(10_000); // what it gets alone, for as long as a window of the limit
                    alone = granted.getAndSet(0) * 1e9 / (System.nanoTime() - began);
                    began = System.nanoTime();
                    program.run(
                                    bench(limit * WINDOW_SECONDS / 2),
                                    program.container(),
                                    "backup",
                                    "--json",
                                    "--vault",
                                    uri(vault))
                            .succeeded();
                    beside = granted.get() * 1e9 / (System.nanoTime() - began);
                    threads.shutdownNow();
                }
                kept.add(100 * beside / alone);
                ours.add(100 * vault.requests().cost() / seconds(vault) / (limit / 2.0));
            }
            Figure figure = part.figure("the other client", "of what it had alone", "%", kept);
            part.figure("the backup", "of its budget", "%", ours);
            part.goal(Goal.atLeast("the other client keeps of what it had alone", figure.median(), 95, "%"));
        }
    }

    private EmulatedVault vault(int rate) {
        return emulator.vault(VaultSettings.of("budget-" + ++number)
                .withLimit(RequestLimit.of(rate * WINDOW_SECONDS))
                .withLatency(LATENCY));
    }

    private Bench bench(int budget) throws IOException {
        return new Bench(Files.createDirectories(directory.resolve("run" + number)), emulator)
                .set("keyvault-backup.budget", String.valueOf(budget));
    }

    private static String uri(EmulatedVault vault) {
        return vault.uri().toString();
    }

    private static double seconds(EmulatedVault vault) {
        return vault.requests().span().toMillis() / 1000.0;
    }
}
