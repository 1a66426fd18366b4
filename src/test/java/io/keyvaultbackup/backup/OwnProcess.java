package io.keyvaultbackup.backup;

import io.keyvaultbackup.KeyvaultBackup;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The program in a process of its own, as {@link Bench} configures it: for what a JVM decides once, and for its environment. */
public final class OwnProcess {

    private final Path directory;
    private final Bench bench;
    private final List<String> options =
            new ArrayList<>(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    private final KeyVaultEmulator emulator;
    private @Nullable List<String> program;
    private final List<String> surroundings = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();

    public OwnProcess(Path directory, KeyVaultEmulator emulator, Bench bench) {
        this.directory = directory;
        this.emulator = emulator;
        this.bench = bench;
        environment.putAll(emulator.tokens().environment());
    }

    /** Takes these hosts for this machine, and knows no other. */
    public OwnProcess withHosts(String... names) throws IOException {
        Path hosts = Files.writeString(
                directory.resolve("hosts"), "127.0.0.1 localhost " + String.join(" ", names) + System.lineSeparator());
        options.add("-Djdk.net.hosts.file=" + hosts);
        return this;
    }

    /** With no option but the heap's size, as people run it: other processes here are to start quickly. */
    public OwnProcess inHeapOf(String size) {
        options.clear();
        options.add("-Xmx" + size);
        return this;
    }

    /** With no option but the memory that it takes the machine to have, as in a container of that limit. */
    public OwnProcess inContainerOf(long bytes) {
        options.clear();
        options.add("-XX:MaxRAM=" + bytes);
        return this;
    }

    /** More of the JVM's options. */
    public OwnProcess options(List<String> more) {
        options.addAll(more);
        return this;
    }

    public OwnProcess environment(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    public OwnProcess environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** As on a terminal, where Ctrl-C is heard: a process that is started in the background ignores it, and all that it starts. */
    public OwnProcess hearingCtrlC() {
        surroundings.addAll(List.of("env", "--default-signal=INT"));
        return this;
    }

    /** Runs this instead of the classes of the build: the packaged program. */
    public OwnProcess of(List<String> optionsAndProgram) {
        program = List.copyOf(optionsAndProgram);
        return this;
    }

    /** Runs the classes of the build as they are, without what makes them start sooner. */
    public OwnProcess untrained() {
        return untrained(KeyvaultBackup.class);
    }

    /** The same by another way in, which may be one of the tests' own. */
    public OwnProcess untrained(Class<?> main) {
        String classes = Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.class.path"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        return of(List.of("-cp", classes, main.getName()));
    }

    /** Runs a verb to its end. */
    public Bench.Result run(String... arguments) {
        return start(arguments).await();
    }

    /** Starts a verb. */
    public Running start(String... arguments) {
        List<String> command = new ArrayList<>(surroundings);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(program == null ? BuiltProgram.arguments(emulator) : program);
        command.addAll(List.of(arguments));
        command.addAll(List.of("--config", bench.configuration().toString()));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        try {
            return new Running(builder.start(), out, err);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The program at work. */
    public record Running(Process process, Path out, Path err) {

        /** SIGTERM. */
        public void terminate() {
            process.destroy();
        }

        /** SIGKILL. */
        public void kill() {
            process.destroyForcibly();
        }

        public Bench.Result await() {
            try {
                int exitCode = process.waitFor();
                return new Bench.Result(exitCode, Files.readString(out), Files.readString(err));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException("interrupted while the program ran", interrupted);
            }
        }
    }
}
