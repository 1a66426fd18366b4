package io.keyvaultbackup.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureReasonsDocumentedTest {

    /** People decide by this table whether to relaunch; it must say what the program does. */
    @Test
    void theTableOfReasonsSaysWhatTheProgramDoes() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("docs/reliability.md")).stream()
                .filter(line -> line.matches("\\| `[A-Z_]+` \\|.*"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(FailureReason.values())
                        .map(FailureReasonsDocumentedTest::row)
                        .toList());
    }

    private static String row(FailureReason reason) {
        String wait = reason == FailureReason.THROTTLED
                ? " none: every call of the vault is held back "
                : reason.mayPass() ? " " + reason.firstWait().toSeconds() + " s " : " ";
        return "| `" + reason + "` | " + reason.tries() + " |" + wait + "| " + (reason.relaunchMayHelp() ? "yes" : "no")
                + " |";
    }
}
