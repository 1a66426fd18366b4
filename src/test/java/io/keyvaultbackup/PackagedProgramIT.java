package io.keyvaultbackup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.cli.CommandLineInterface;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.reliability.PackagedProgram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar, in a process of its own. */
class PackagedProgramIT {

    @TempDir
    private Path directory;

    @Test
    void helpDocumentsOptionsExamplesAndExitCodes() throws Exception {
        Ended help = run(Map.of(), "backup", "--help");

        assertThat(help.exitCode()).as(help.err()).isZero();
        assertThat(help.out())
                .contains(
                        "--vault",
                        "--store",
                        "--kind",
                        "--include",
                        "--exclude",
                        "--budget",
                        "--scheduled-for",
                        "--dry-run")
                .contains("Examples:", "Exit codes:")
                .containsPattern("3 +incomplete, and a relaunch may help")
                .containsPattern("5 +incomplete, and no relaunch can help");
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void versionIsTheBuilds() throws Exception {
        Ended version = run(Map.of(), "version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).matches("(?s)keyvault-backup \\d+\\.\\d+\\.\\d+\\S* \\(Java 25.*\\)\\s+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "help",
                "backup --help",
                "runs -h",
                "help doctor",
                "completion --help",
                "version --help",
                "--version",
                "version"
            })
    void helpAndVersionAreWhatPicocliPrintsButTakeNeitherPicocliNorSpring(String line) throws Exception {
        String[] arguments = line.split(" ");
        Path classes = directory.resolve("classes.txt");

        Ended answer = run(Map.of(), List.of("-Xlog:class+load:file=" + classes), arguments);

        assertThat(answer).isEqualTo(here(arguments));
        // A guard that does not depend on the machine. Some 900 classes are loaded, nearly all of them the JDK's; with
        // the
        // loader and picocli it was 1800.
        assertThat(Files.readAllLines(classes))
                .hasSizeBetween(300, 1300)
                .noneMatch(loaded -> loaded.contains(" org.springframework.") || loaded.contains(" picocli."))
                .anyMatch(loaded -> loaded.contains(" io.keyvaultbackup.launch.KnownAnswers "));
    }

    /** As the image has it: then Spring Boot's loader is not there, nor what comes before it. */
    @Test
    void helpAndVersionTakeNeitherPicocliNorSpringOfTheJarTakenApartEither() throws Exception {
        List<String> apart = PackagedProgram.takenApart(directory).program();
        for (String line : List.of("--help", "backup --help", "version")) {
            Path classes = directory.resolve("classes.txt");
            List<String> program = new ArrayList<>(List.of("-Xlog:class+load:file=" + classes));
            program.addAll(apart);

            Ended answer = runJava(Map.of(), program, line.split(" "));

            assertThat(answer).as(line).isEqualTo(here(line.split(" ")));
            assertThat(Files.readAllLines(classes))
                    .hasSizeBetween(300, 1300)
                    .noneMatch(loaded -> loaded.contains(" org.springframework.") || loaded.contains(" picocli."));
        }
    }

    @Test
    void whatTheLauncherDoesNotKnowIsLeftToPicocli() throws Exception {
        Ended wrong = run(Map.of(), "help", "bakcup");

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("bakcup", "backup");
        assertThat(wrong).isEqualTo(here("help", "bakcup"));
    }

    @Test
    void theToolsOfSpringBootKeepTheirHelp() throws Exception {
        Ended tools = run(Map.of(), List.of("-Djarmode=tools"), "help");

        assertThat(tools.exitCode()).as(tools.err()).isZero();
        assertThat(tools.out()).contains("extract", "list-layers");
    }

    @Test
    void backsUpAVaultWithTheManagedIdentityOfItsEnvironment() throws Exception {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault vault = emulator.vault("packaged");
            vault.secrets("app", 30);
            Bench bench = new Bench(directory, emulator);

            // when
            Ended backup = run(
                    emulator.tokens().environment(),
                    "backup",
                    "--vault",
                    vault.uri().toString(),
                    "--config",
                    bench.configuration().toString());

            // then standard output is the summary and nothing else
            assertThat(backup.exitCode()).as(backup.out() + backup.err()).isZero();
            assertThat(backup.out()).startsWith("Complete: ").containsPattern("backed up +30");
            assertThat(backup.out()).doesNotContain("\r").doesNotContain("WARN");
            assertThat(bench.blobs()).hasSize(31);
        }
    }

    /** A guard that does not depend on the machine: the dashboard costs a verb nothing but the room on the disk. */
    @Test
    void noVerbButServeLoadsTheWeb() throws Exception {
        Path classes = directory.resolve("classes.txt");

        Ended runs = run(Map.of(), List.of("-Xlog:class+load:file=" + classes), "runs");

        assertThat(runs.exitCode()).as(runs.err()).isZero();
        assertThat(Files.readAllLines(classes))
                .anyMatch(loaded -> loaded.contains(" io.keyvaultbackup.cli.RunsVerb "))
                .noneMatch(loaded -> loaded.matches(
                        ".* (org\\.apache\\.(catalina|tomcat|coyote)|org\\.springframework\\.(web|http|security)"
                                + "|org\\.thymeleaf|jakarta\\.servlet|io\\.keyvaultbackup\\.dashboard)"
                                // what elements of a list may have is read from its record: two values
                                + "\\.(?!access\\.(AccessProperties\\$Granted|Role) ).*"));
    }

    private record Ended(int exitCode, String out, String err) {}

    /** In this process, by picocli. */
    private static Ended here(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = CommandLineInterface.on(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .execute(arguments);
        return new Ended(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return run(environment, List.of(), arguments);
    }

    private Ended run(Map<String, String> environment, List<String> java, String... arguments)
            throws IOException, InterruptedException {
        List<String> program = new ArrayList<>(java);
        program.add("-jar");
        program.add(
                Objects.requireNonNull(System.getProperty("packaged-program.jar"), "run by Maven, after packaging"));
        return runJava(environment, program, arguments);
    }

    private Ended runJava(Map<String, String> environment, List<String> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(program);
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        process.environment().putAll(environment);
        int exitCode = process.start().waitFor();
        return new Ended(
                exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
