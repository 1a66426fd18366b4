package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.launch.Screen;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {

    @ParameterizedTest
    @CsvSource({
        "true, '', xterm, true",
        "false, '', xterm, false",
        "true, 1, xterm, false",
        "true, false, xterm, false",
        "true, '', dumb, false"
    })
    void coloursAreForATerminalOnlyAndNotWhereNobodyWantsThem(
            boolean interactive, String noColor, String term, boolean coloured) {
        assertThat(Screen.wantsColours(interactive, Map.of("NO_COLOR", noColor, "TERM", term)))
                .isEqualTo(coloured);
    }

    @Test
    void withoutColoursTextIsAsItWas() {
        Terminal plain = Terminal.plain(System.out, System.err);
        Terminal coloured = new Terminal(System.out, System.err, true, true);

        assertThat(plain.good("ok") + plain.bad("failed")).isEqualTo("okfailed");
        assertThat(coloured.good("ok")).isEqualTo("\u001b[32mok\u001b[0m");
        assertThat(coloured.bad("failed")).isEqualTo("\u001b[31mfailed\u001b[0m");
    }

    @ParameterizedTest
    @CsvSource({
        "plain näme, plain näme",
        "'a\u001b[31mb', 'a\\u001b[31mb'",
        "'a\u009b31mb', 'a\\u009b31mb'",
        "'a\u202eb', 'a\\u202eb'",
        "'a\u2028b', 'a\\u2028b'"
    })
    void whatSteersATerminalIsEscaped(String given, String shown) {
        assertThat(Printable.line(given)).isEqualTo(shown);
        assertThat(Printable.text(given)).isEqualTo(shown);
    }

    @Test
    void whatLooksLikeASecretIsHidden() {
        assertThat(Printable.line("https://a/b?sv=1&sig=abc%2F&se=2 AccountKey=xyz== jdbc:x?password=pw //me:pw@host"))
                .isEqualTo(
                        "https://a/b?sv=1&sig=(hidden)&se=2 AccountKey=(hidden) jdbc:x?password=(hidden) //(hidden)@host");
        assertThat(Printable.text("one\n\ttwo")).isEqualTo("one\n\ttwo");
        assertThat(Printable.line("one\ntwo")).isEqualTo("one\\u000atwo");
    }
}
