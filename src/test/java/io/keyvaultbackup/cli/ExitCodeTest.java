package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {

    /** Scripts depend on these: a number is never given another meaning. */
    @Test
    void theNumbersStay() {
        assertThat(Stream.of(ExitCode.values()).map(code -> code.name() + " " + code.number()))
                .containsExactly(
                        "DONE 0",
                        "FAILED 1",
                        "WRONG_USAGE 2",
                        "INCOMPLETE 3",
                        "DAMAGED 4",
                        "INCOMPLETE_FOR_GOOD 5",
                        "NOT_FOUND 10",
                        "HELD 11",
                        "NOT_AUTHORISED 13",
                        "INTERRUPTED 130");
    }

    @ParameterizedTest(name = "{0} together: {1}")
    @CsvSource({
        "DONE, DONE",
        "DONE DONE, DONE",
        "DONE INCOMPLETE, INCOMPLETE",
        "DAMAGED INCOMPLETE, DAMAGED",
        "DONE DAMAGED HELD, DAMAGED",
        "DAMAGED INTERRUPTED, DAMAGED",
        "INCOMPLETE DONE, INCOMPLETE",
        "DONE INCOMPLETE_FOR_GOOD, INCOMPLETE_FOR_GOOD",
        "INCOMPLETE_FOR_GOOD INCOMPLETE, INCOMPLETE",
        "INCOMPLETE HELD, INCOMPLETE",
        "HELD FAILED, INCOMPLETE",
        "DONE WRONG_USAGE, INCOMPLETE",
        "DONE FAILED, INCOMPLETE",
        "DONE NOT_FOUND, INCOMPLETE",
        "DONE HELD, INCOMPLETE",
        "FAILED FAILED, FAILED",
        "HELD HELD, HELD",
        "NOT_FOUND NOT_FOUND, NOT_FOUND",
        "NOT_AUTHORISED, NOT_AUTHORISED",
        "NOT_AUTHORISED NOT_AUTHORISED, NOT_AUTHORISED",
        "DONE NOT_AUTHORISED, INCOMPLETE",
        "NOT_AUTHORISED INCOMPLETE_FOR_GOOD, INCOMPLETE",
        "NOT_AUTHORISED FAILED, INCOMPLETE"
    })
    void ofSeveralVaults(String each, ExitCode together) {
        List<ExitCode> codes =
                Arrays.stream(each.split(" ")).map(ExitCode::valueOf).toList();

        assertThat(ExitCode.together(codes)).isEqualTo(together);
    }
}
