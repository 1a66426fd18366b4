package io.keyvaultbackup.benchmark;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.NodePackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast it is where nothing limits it, and what that costs, beside the same calls made by a bare client and beside the script that one would write. */
class UnlimitedBenchmark {

    private static final int OBJECTS = Integer.getInteger("bench.objects", 5_000);

    /** What keyvault-backup has at a time if nobody says otherwise. */
    private static final String CALLS = "32";

    private static final String UNLIMITED = "100000000";

    private static final String OURS = "keyvault-backup";
    private static final String OURS_FREE = "keyvault-backup, the JVM's own options";
    private static final String BARE = "bare Java client";
    private static final String BARE_FREE = "bare Java client, the JVM's own options";
    private static final String SCRIPT = "script, 64 at a time";
    private static final String SLOW_SCRIPT = "script, 1 at a time";

    @TempDir
    private static Path directory;

    private static KeyVaultEmulator emulator;
    private static Program program;
    private static Path script;
    private static EmulatedVault vault;
    private int number;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        emulator = KeyVaultEmulator.start();
        program = new Program(emulator, Files.createDirectories(directory.resolve("program")));
        script = new NodePackages("benchmark", "benchmark-script").installedWith("backup.mjs");
        vault = emulator.vault("unlimited");
        vault.secrets("app", OBJECTS);
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @Test
    void toADirectory() throws Exception {
        try (Part part = new Part("unlimited-directory", "Without a limit, to a directory")) {
            measure(part, false);
            part.note("The client forces to the disk what the store does; the script forces nothing.");
        }
    }

    @Test
    void toAzurite() throws Exception {
        try (Part part = new Part("unlimited-azurite", "Without a limit, to Azurite")) {
            measure(part, true);
        }
    }

    private void measure(Part part, boolean toAzurite) throws Exception {
        bare(Program.CONTAINER_OPTIONS, place(toAzurite)); // what is measured against has its code compiled then
        script("64", place(toAzurite));
        Map<String, Contestant> all = new LinkedHashMap<>();
        all.put(OURS, place -> ours(program.container(), place));
        all.put(OURS_FREE, place -> ours(program.cached(), place));
        all.put(BARE, place -> bare(Program.CONTAINER_OPTIONS, place));
        all.put(BARE_FREE, place -> bare(List.of(), place));
        all.put(SCRIPT, place -> script("64", place));
        all.put(SLOW_SCRIPT, place -> script("1", place));
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (int round = 0; round < Part.repetitions(); round++) {
            for (Map.Entry<String, Contestant> one : all.entrySet()) {
                Place place = place(toAzurite);
                vault.requests().reset();
                Measured measured = one.getValue().run(place).succeeded();
                if (vault.requests().count(Operation.BACKUP, 200) != OBJECTS || place.count() < OBJECTS) {
                    throw new AssertionError(one.getKey() + " has not backed up everything");
                }
                samples.computeIfAbsent(one.getKey(), name -> new ArrayList<>()).add(Sample.of(measured, vault));
                place.leave();
            }
        }
        tell(part, samples);
        record(toAzurite);
    }

    /** Once more, and not counted: what it does meanwhile is kept beside the figures, for {@code jfr view hot-methods}. */
    private void record(boolean toAzurite) throws IOException, InterruptedException {
        Path file = Report.PLACE.resolve(toAzurite ? "unlimited-azurite.jfr" : "unlimited-directory.jfr");
        List<String> recorded =
                new ArrayList<>(List.of("-XX:StartFlightRecording=settings=profile,filename=" + file.toAbsolutePath()));
        recorded.addAll(program.container());
        recorded.remove(
                "-Xlog:disable"); // with it the recorder prints each of its events to nowhere, which is most of what is
        // recorded then
        ours(recorded, place(toAzurite)).succeeded();
    }

    private static void tell(Part part, Map<String, List<Sample>> samples) {
        Map<String, Double> speed = new LinkedHashMap<>();
        Map<String, Double> cpu = new LinkedHashMap<>();
        samples.forEach((of, taken) -> {
            speed.put(
                    of,
                    part.figure(of, "of the whole process", "objects/s", each(taken, Sample::speed))
                            .median());
            part.figure(of, "from the first call to the last", "objects/s", each(taken, Sample::speedOfCalls));
            cpu.put(
                    of,
                    part.figure(of, "CPU of 1,000 objects", "s", each(taken, Sample::cpu))
                            .median());
            part.figure(of, "most memory", "MiB", each(taken, Sample::memory));
        });
        part.goal(Goal.atLeast("speed against the bare client", 100 * ratio(speed, OURS, BARE), 85, "%"));
        part.goal(Goal.atLeast("speed against the script, 64 at a time", ratio(speed, OURS, SCRIPT), 1.5, "times"));
        part.goal(Goal.atMost("CPU against the script, 64 at a time", 100 * ratio(cpu, OURS, SCRIPT), 100, "%"));
        part.note(Report.number(OBJECTS)
                + " secrets, processes from their cold start to their end; keyvault-backup and the bare client have "
                + CALLS
                + " objects at a time, ask for the versions of each, and list the vault twice; the script does neither. "
                + "Without another word the JVM has the options of the manifests ("
                + String.join(" ", Program.CONTAINER_OPTIONS)
                + "); its job database, H2 in a file, is there before.");
    }

    private static double ratio(Map<String, Double> values, String one, String other) {
        return Objects.requireNonNull(values.get(one)) / Objects.requireNonNull(values.get(other));
    }

    private static List<Double> each(List<Sample> samples, ToDoubleFunction<Sample> what) {
        return samples.stream().map(what::applyAsDouble).toList();
    }

    private static Measured ours(List<String> way, Place place) throws IOException, InterruptedException {
        Bench bench = new Bench(Files.createDirectories(place.directory()), emulator)
                .set("keyvault-backup.budget", UNLIMITED);
        if (place.container() != null) {
            bench.onContainer(place.container(), "racwl");
        }
        program.run(bench, way, "runs").succeeded(); // makes the job database
        return program.run(
                bench, way, "backup", "--json", "--vault", vault.uri().toString());
    }

    private static Measured bare(List<String> options, Place place) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(options);
        command.addAll(emulator.trustOptions());
        command.addAll(List.of("-cp", Program.testClassPath(), BareClient.class.getName()));
        return program.run(
                command,
                List.of(
                        vault.uri().toString(),
                        emulator.tokens().token("https://vault.azure.net"),
                        place.target(),
                        CALLS));
    }

    private static Measured script(String calls, Place place) throws IOException, InterruptedException {
        Map<String, String> environment = new LinkedHashMap<>(emulator.tokens().environment());
        environment.put("NODE_EXTRA_CA_CERTS", emulator.caCertificateFile().toString());
        return Measured.run(
                directory,
                environment,
                List.of("node", script.toString(), vault.uri().toString(), place.target(), calls));
    }

    private Place place(boolean inAzurite) {
        return new Place(
                directory.resolve("place" + ++number),
                inAzurite ? Azurite.shared().newContainer() : null);
    }

    /** Who backs the vault up, in a process. */
    private interface Contestant {
        Measured run(Place place) throws IOException, InterruptedException;
    }

    /** Where one of them does that, alone. */
    private record Place(Path directory, Azurite.@Nullable Container container) {

        String target() {
            return container == null
                    ? directory.resolve("store").toString()
                    : container.url() + "?"
                            + client(container)
                                    .generateSas(new BlobServiceSasSignatureValues(
                                            OffsetDateTime.now(ZoneOffset.UTC).plusHours(1),
                                            BlobContainerSasPermission.parse("racwl")));
        }

        private static BlobContainerClient client(Azurite.Container container) {
            return Azurite.shared().client(container.name());
        }

        long count() throws IOException {
            if (container != null) {
                return client(container).listBlobs().stream().count();
            }
            try (var files = Files.walk(directory.resolve("store"))) {
                return files.filter(file ->
                                file.toFile().isFile() && !file.toString().endsWith(".meta"))
                        .count();
            }
        }

        /** Azurite keeps all in memory. */
        void leave() {
            if (container != null) {
                client(container).delete();
            }
        }
    }

    private record Sample(double speed, double speedOfCalls, double cpu, double memory) {

        static Sample of(Measured measured, EmulatedVault vault) {
            Duration calls = vault.requests().span();
            return new Sample(
                    OBJECTS / measured.seconds(),
                    OBJECTS * 1e9 / calls.toNanos(),
                    measured.cpuSeconds() * 1_000 / OBJECTS,
                    measured.peakBytes() / 1_048_576.0);
        }
    }
}
