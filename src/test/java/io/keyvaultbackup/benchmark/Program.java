package io.keyvaultbackup.benchmark;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.TrainedProgram;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.reliability.PackagedProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Maven packaged, in the ways in which it can be started, each in a process of its own that finds the emulator's identity. */
final class Program {

    /** Those of {@code k8s/base/every-job.yaml}, and its limit, which the JVM is told instead of by the kernel. */
    static final List<String> CONTAINER_OPTIONS = List.of(
            "-XX:MaxRAM=268435456",
            "-XX:MinRAMPercentage=38",
            "-XX:MaxRAMPercentage=45",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final KeyVaultEmulator emulator;
    private final Path directory;
    private final TrainedProgram apart;
    private final Path cache;
    private final Path emptyDatabase;
    private final List<String> before;

    /**
     * Takes the jar apart and trains a cache, as the image does.
     *
     * @param directory for what is made, and what the processes print
     */
    Program(KeyVaultEmulator emulator, Path directory) throws IOException, InterruptedException {
        this.emulator = emulator;
        this.directory = directory;
        this.apart = PackagedProgram.takenApart(directory);
        this.cache = directory.resolve("container.aot");
        this.before = List.of();
        Path empty = Files.createDirectories(directory.resolve("empty"));
        run(new Bench(empty, emulator), plainJar(), "runs").succeeded();
        this.emptyDatabase = empty.resolve("data/keyvault-backup.mv.db");
        EmulatedVault vault = emulator.vault("training");
        vault.secrets("app", 3);
        List<String> training = new ArrayList<>(List.of("-Xlog:disable", "-XX:AOTCacheOutput=" + cache));
        training.addAll(apart.program());
        run(
                        new Bench(directory, emulator),
                        training,
                        "backup",
                        "--vault",
                        vault.uri().toString())
                .succeeded();
    }

    private Program(Program same, List<String> before) {
        this.emulator = same.emulator;
        this.directory = same.directory;
        this.apart = same.apart;
        this.cache = same.cache;
        this.emptyDatabase = same.emptyDatabase;
        this.before = List.copyOf(before);
    }

    /** The same, started by a command that becomes the program: one that limits its memory. */
    Program startedBy(List<String> command) {
        return new Program(this, command);
    }

    /** The class path of programs of the test tree, from any directory. */
    static String testClassPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    List<String> plainJar() {
        return List.of("-jar", Objects.requireNonNull(System.getProperty("packaged-program.jar")));
    }

    List<String> extracted() {
        return apart.program();
    }

    /** As the image's entrypoint does, without the options of the manifests. */
    List<String> cached() {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xlog:disable", "-XX:AOTCache=" + cache, "-Dkeyvault-backup.ledger.empty-database=" + emptyDatabase));
        arguments.addAll(apart.program());
        return arguments;
    }

    /** The same with the options of the manifests: what runs in a pod. */
    List<String> container() {
        List<String> arguments = new ArrayList<>(CONTAINER_OPTIONS);
        arguments.addAll(cached());
        return arguments;
    }

    /**
     * Runs a verb to its end.
     *
     * @param way the JVM's arguments: one of the above, perhaps with more before it
     */
    Measured run(Bench bench, List<String> way, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", bench.configuration().toString()));
        return run(way, all);
    }

    /** The same of what needs no configuration. */
    Measured run(List<String> way, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.add(JAVA);
        command.addAll(way);
        command.addAll(arguments);
        return Measured.run(directory, environment(), command);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(emulator.tokens().environment());
        environment.put("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
        return environment;
    }
}
