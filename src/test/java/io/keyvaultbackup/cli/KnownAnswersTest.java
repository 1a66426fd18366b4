package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.launch.KnownAnswers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher answers by itself, and what it leaves to picocli. */
class KnownAnswersTest {

    static final List<String> KNOWN = Stream.concat(
                    Stream.of("--help", "-h", "help", "--version", "-V", "version"),
                    Stream.of(
                                    "backup",
                                    "runs",
                                    "protect",
                                    "doctor",
                                    "serve",
                                    "worker",
                                    "stop",
                                    "pin",
                                    "tag",
                                    "version",
                                    "completion",
                                    "help")
                            .flatMap(verb -> Stream.of(verb + " --help", verb + " -h", "help " + verb)))
            .toList();

    @ParameterizedTest
    @FieldSource("KNOWN")
    void anAnswerIsWhatPicocliPrintsWithColoursAndWithout(String line) {
        String[] arguments = line.split(" ");

        assertThat(new KnownAnswers(false).to(arguments)).hasValue(picocli(false, arguments));
        assertThat(new KnownAnswers(true).to(arguments)).hasValue(picocli(true, arguments));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "backup",
                "migrate --help",
                "help migrate",
                "Backup --help",
                "--help backup",
                "backup --help --json",
                "backup --vault -h",
                "backup --version",
                "version --json",
                "--Version"
            })
    void everythingElseIsLeftToPicocli(String line) {
        assertThat(new KnownAnswers(false).to(line.split(" "))).isEmpty();
    }

    private static String picocli(boolean coloured, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        int exitCode = CommandLineInterface.in(Map.of(), new Terminal(stream, stream, coloured, coloured))
                .execute(arguments);
        assertThat(exitCode).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }
}
