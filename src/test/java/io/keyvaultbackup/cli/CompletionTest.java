package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion scripts, in the shells themselves, at work on a terminal. */
class CompletionTest {

    @TempDir
    private Path directory;

    private Path script(String shell) throws IOException {
        Invocation completion = Invocation.of("completion", shell);
        assertThat(completion.exitCode()).as(completion.err()).isZero();
        assertThat(completion.err()).isEmpty();
        return Files.writeString(directory.resolve("completion." + shell), completion.out());
    }

    /** Types a line and a tab into an interactive shell on a terminal of its own, and tells what the line has become. */
    private static final String TYPIST = """
            zmodload zsh/zpty || exit 3
            zpty shell "$1" || exit 4
            zpty -w shell "$2; echo is-set''-up"
            zpty -r -m shell said '*is-set-up*' || { print -r -- "$said"; exit 5 }
            zpty -w -n shell "$3"$'\\t\\x18s'
            zpty -r -m shell said '*<<<*>>>*' || { print -r -- "$said"; exit 6 }
            print -r -- "${${said##*<<<}%%>>>*}"
            zpty -d shell
            """;

    /** What starts a shell without its user's habits, what loads the script, and makes Ctrl-X s print the line. */
    private enum Shell {
        BASH("bash --norc --noprofile -i", """
                bind 'set enable-bracketed-paste off'; source %s; \
                bind -x '"\\C-xs": printf "%%s<%%s>>>" "<<" "$READLINE_LINE"'"""),
        ZSH("zsh -f -i", """
                autoload -U compinit; compinit -u -D; source %s; \
                show() { print -rn -- "<<""<$BUFFER>>"">" }; zle -N show; bindkey '^Xs' show"""),
        FISH("fish --no-config -i", """
                source %s; bind \\cxs 'printf "%%s<%%s>>>" "<<" (commandline)'""");

        private final String command;
        private final String setUp;

        Shell(String command, String setUp) {
            this.command = command;
            this.setUp = setUp;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private String completed(Shell shell, String line) throws IOException, InterruptedException {
        for (String program : List.of("zsh", shell.word())) {
            assertThat(isInstalled(program))
                    .as(program + " is not installed, and completion is to be tried in it: apt-get install " + program)
                    .isTrue();
        }
        Path said = directory.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(
                        "zsh",
                        "-f",
                        Files.writeString(directory.resolve("typist.zsh"), TYPIST)
                                .toString(),
                        shell.command,
                        shell.setUp.formatted(script(shell.word())),
                        line)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(Map.of("HOME", directory.toString(), "TERM", "dumb"));
        Process typist = builder.start();
        try {
            assertThat(typist.waitFor(60, TimeUnit.SECONDS))
                    .as("%s never answered", shell)
                    .isTrue();
        } finally {
            typist.destroyForcibly();
        }
        String shown = Files.readString(said);
        assertThat(typist.exitValue()).as(shown).isZero();
        return shown.strip();
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @ParameterizedTest
    @CsvSource({
        "keyvault-backup ba, keyvault-backup backup",
        "keyvault-backup ru, keyvault-backup runs",
        "keyvault-backup comp, keyvault-backup completion",
        "keyvault-backup backup --va, keyvault-backup backup --vault",
        "keyvault-backup backup --qui, keyvault-backup backup --quiet",
        "keyvault-backup backup --kind cert, keyvault-backup backup --kind certificate",
        "keyvault-backup runs --fai, keyvault-backup runs --failed",
        "keyvault-backup completion fi, keyvault-backup completion fish",
        "keyvault-backup xyz, keyvault-backup xyz"
    })
    void aTabCompletesVerbsOptionsAndValuesInEachShell(String typed, String completed)
            throws IOException, InterruptedException {
        for (Shell shell : Shell.values()) {
            assertThat(completed(shell, typed)).as(shell.word()).isEqualTo(completed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"completion", "completion powershell", "completion --quiet bash"})
    void anythingElseIsWrongUsage(String line) {
        Invocation wrong = Invocation.of(line.split(" "));

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("'keyvault-backup completion --help' shows what there is");
    }
}
