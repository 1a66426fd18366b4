package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.KeyvaultBackup;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Maven compiled, for processes of its own, before it is packaged: in a jar, and trained once for the tests of all JVMs. */
final class BuiltProgram {

    private static final Path PLACE = Path.of("target", "trained-program").toAbsolutePath();
    private static final Path JAR = PLACE.resolve("program.jar");
    private static final Path TRAINED = PLACE.resolve("trained");

    private static @Nullable List<String> arguments;

    private BuiltProgram() {}

    /** As a JVM's arguments. */
    static synchronized List<String> arguments(KeyVaultEmulator emulator) {
        List<String> known = arguments;
        if (known == null) {
            known = prepared(emulator);
            arguments = known;
        }
        return known;
    }

    private static List<String> prepared(KeyVaultEmulator emulator) {
        TrainedProgram program = new TrainedProgram(
                List.of("-cp", classPath(), KeyvaultBackup.class.getName()), PLACE.resolve("classes.aot"));
        try {
            Files.createDirectories(PLACE);
            try (FileChannel channel = FileChannel.open(
                            PLACE.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                if (Files.notExists(TRAINED) || newestClass().compareTo(Files.getLastModifiedTime(TRAINED)) > 0) {
                    pack();
                    train(program, emulator);
                    Files.write(TRAINED, new byte[0]);
                }
            }
            return program.learned();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** That of the tests, with the program's classes in a jar, and without the tests' own. */
    private static String classPath() {
        return Stream.concat(
                        Stream.of(JAR.toString()),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(entry -> entry.endsWith(".jar")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path classes() {
        return Path.of(URI.create(KeyvaultBackup.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    private static FileTime newestClass() throws IOException {
        try (Stream<Path> files = Files.walk(classes())) {
            return files.map(file -> FileTime.fromMillis(file.toFile().lastModified()))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static void pack() {
        int exitCode = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--create",
                        "--file",
                        JAR.toString(),
                        "-C",
                        classes().toString(),
                        ".");
        assertThat(exitCode).isZero();
    }

    private static void train(TrainedProgram program, KeyVaultEmulator emulator) throws IOException {
        Path directory = Files.createTempDirectory(PLACE, "training");
        EmulatedVault vault = emulator.vault("training");
        vault.secrets("app", 3);
        Bench.Result run = new OwnProcess(directory, emulator, new Bench(directory, emulator))
                .of(program.learning())
                .run("backup", "--json", "--vault", vault.uri().toString());
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    }
}
