package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion scripts, in the shells themselves. */
class CompletionTest {

    @TempDir
    private Path directory;

    private Path script(String shell) throws IOException {
        Invocation completion = Invocation.of("completion", shell);
        assertThat(completion.exitCode()).as(completion.err()).isZero();
        assertThat(completion.err()).isEmpty();
        return Files.writeString(directory.resolve("completion." + shell), completion.out());
    }

    private String run(String... command) throws IOException {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, command[0])));
        assertThat(installed)
                .as(command[0] + " is not installed, and its completion is to be tried in it: apt-get install "
                        + command[0])
                .isTrue();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", directory.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().join().exitValue()).as(said).isZero();
        return said;
    }

    @ParameterizedTest
    @CsvSource({
        "keyvault-backup ba, backup",
        "keyvault-backup ru, runs",
        "keyvault-backup comp, completion",
        "keyvault-backup backup --incl, --include",
        "keyvault-backup backup --qui, --quiet",
        "keyvault-backup backup --kind cert, certificate",
        "keyvault-backup runs --fai, --failed",
        "keyvault-backup completion fi, fish"
    })
    void bashAndFishCompleteVerbsOptionsAndValues(String line, String completed) throws IOException {
        List<String> words = List.of(line.split(" "));
        Path bash = script("bash");
        String inBash = run(
                "bash",
                "--norc",
                "-c",
                "source " + bash + "; COMP_WORDS=(" + line + "); COMP_CWORD=" + (words.size() - 1) + "; COMP_LINE='"
                        + line
                        + "'; COMP_POINT=" + line.length()
                        + "; $(complete -p keyvault-backup | sed 's/.*-F \\([^ ]*\\) .*/\\1/'); printf '%s\\n' \"${COMPREPLY[@]}\"");
        String inFish = run("fish", "--no-config", "-c", "source " + script("fish") + "; complete -C '" + line + "'");

        assertThat(inBash.lines().map(String::strip)).contains(completed);
        assertThat(inFish.lines().map(offered -> offered.replaceFirst("\t.*", "")))
                .contains(completed);
    }

    @Test
    void zshLoadsItForTheProgramsName() throws IOException {
        String completer = run(
                "zsh",
                "-fc",
                "autoload -U compinit && compinit -u -d " + directory.resolve("dump") + "; source " + script("zsh")
                        + "; print -r -- ${_comps[keyvault-backup]}");

        assertThat(completer).contains("_complete_keyvault-backup");
    }

    @ParameterizedTest
    @ValueSource(strings = {"completion", "completion powershell", "completion --quiet bash"})
    void anythingElseIsWrongUsage(String line) {
        Invocation wrong = Invocation.of(line.split(" "));

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("'keyvault-backup completion --help' shows what there is");
    }
}
