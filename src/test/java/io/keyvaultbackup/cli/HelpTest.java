package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.run.StopSignal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {

    private static final int WIDTH = 100;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "help",
                "backup --help",
                "backup -h",
                "help backup",
                "runs --help",
                "help runs",
                "forget --help",
                "protect --help",
                "version --help",
                "pin --help",
                "unpin --help",
                "help tag",
                "stop --help",
                "worker --help",
                "completion --help"
            })
    void helpFitsTheScreenAndShowsExamplesOrTheVerbs(String line) {
        Invocation help = Invocation.of(line.split(" "));

        assertThat(help.exitCode()).as(help.err()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).startsWith("Usage: keyvault-backup").doesNotContain("${", "@|");
        assertThat(help.out().lines()).allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(WIDTH));
    }

    @Test
    void theRootListsEveryVerb() {
        assertThat(Invocation.of("--help").out())
                .contains(
                        "backup",
                        "retry",
                        "stop",
                        "runs",
                        "pin",
                        "unpin",
                        "tag",
                        "worker",
                        "version",
                        "completion",
                        "help",
                        "--version");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                BackupVerb.class,
                RunsVerb.class,
                ForgetVerb.class,
                PinVerb.class,
                UnpinVerb.class,
                TagVerb.class,
                StopVerb.class,
                ProtectVerb.class,
                DoctorVerb.class,
                ServeVerb.class,
                WorkerVerb.class,
                VersionVerb.class,
                CompletionVerb.class
            })
    void everyOptionOfAVerbIsInItsHelpWithADescriptionAndAnExample(Class<?> verb) {
        CommandLine.Command command = verb.getAnnotation(CommandLine.Command.class);
        String help = Invocation.of(command.name(), "--help").out();
        Terminal nowhere = Terminal.plain(System.out, System.err);
        CommandLine commandLine = new CommandLine(verb, new Verbs(nowhere, new Application(), StopSignal::new));

        assertThat(commandLine.getCommandSpec().options()).isNotEmpty().allSatisfy(option -> {
            assertThat(help).contains(option.longestName());
            assertThat(option.description()).isNotEmpty();
        });
        assertThat(help).contains("Examples:", "  keyvault-backup " + command.name());
    }

    @Test
    void theExitCodesThatAVerbCanGiveAreInItsHelp() {
        Map<String, List<ExitCode>> codes = Map.of(
                "backup",
                List.copyOf(EnumSet.complementOf(EnumSet.of(ExitCode.DAMAGED))),
                "forget",
                List.copyOf(EnumSet.complementOf(EnumSet.of(ExitCode.INCOMPLETE_FOR_GOOD))),
                "protect",
                List.of(ExitCode.DONE, ExitCode.INCOMPLETE, ExitCode.NOT_AUTHORISED),
                "verify",
                List.copyOf(EnumSet.complementOf(EnumSet.of(ExitCode.INCOMPLETE_FOR_GOOD))),
                "ls",
                List.of(ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE, ExitCode.NOT_FOUND),
                "runs",
                List.of(ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE, ExitCode.NOT_FOUND),
                "stop",
                List.of(
                        ExitCode.DONE,
                        ExitCode.FAILED,
                        ExitCode.WRONG_USAGE,
                        ExitCode.INCOMPLETE,
                        ExitCode.NOT_FOUND,
                        ExitCode.NOT_AUTHORISED),
                "unpin",
                List.copyOf(LabelOptions.EXIT_CODES),
                "version",
                List.of(ExitCode.DONE, ExitCode.WRONG_USAGE),
                "completion",
                List.of(ExitCode.DONE, ExitCode.WRONG_USAGE));

        codes.forEach((verb, all) -> {
            String help = Invocation.of(verb, "--help").out();
            assertThat(help).contains("Exit codes:");
            all.forEach(code -> assertThat(help).containsPattern("(?m)^\\s+" + code.number() + "\\s+\\w"));
        });
    }

    /** Each request that a worker does has an exit code of its own. */
    @Test
    void theExitCodesOfAWorkerAreFew() {
        assertThat(Invocation.of("worker", "--help").out())
                .containsPattern("Exit codes:\\R +0 .*\\R +1 .*\\R +2 .*\\R")
                .doesNotContainPattern("(?m)^ +(3|10|13|130) ");
    }

    /** A Job of the dashboard's names it, and nobody else need know. */
    @Test
    void theOptionOfARequestIsInNoHelpAndNoCompletion() {
        for (String verb : List.of("backup", "retry", "stop", "restore")) {
            assertThat(Invocation.of(verb, "--help").out()).doesNotContain("--request");
            assertThat(Invocation.of(verb, "--request").err()).contains("Missing required parameter", "--request");
        }
        assertThat(Invocation.of("runs", "--request", "x").err()).contains("Unknown option");
        for (String shell : List.of("bash", "zsh", "fish")) {
            assertThat(Invocation.of("completion", shell).out())
                    .as(shell)
                    .contains("scheduled-for")
                    .doesNotContain("--request", "-l request");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version", "-V"})
    void theVersionIsPrinted(String line) {
        Invocation version = Invocation.of(line);

        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).startsWith("keyvault-backup ").hasLineCount(1);
        assertThat(version.err()).isEmpty();
    }

    @Test
    void theVersionIsPrintedAsJson() {
        Invocation version = Invocation.of("version", "--json");

        assertThat(version.line().path("message_type").asString()).isEqualTo("version");
        assertThat(version.line().path("version").asString()).isNotEmpty();
        assertThat(version.line().path("java").asString()).startsWith("2");
    }
}
