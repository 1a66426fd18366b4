package io.keyvaultbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongUsageTest {

    @Test
    void noVerb() {
        Invocation nothing = Invocation.of();

        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.out()).isEmpty();
        assertThat(nothing.err())
                .startsWith("keyvault-backup: No verb is given")
                .contains("backup", "runs", "--help");
    }

    @ParameterizedTest
    @CsvSource({
        "bakup, backup, keyvault-backup --help",
        "backup --vaults x, --vault, keyvault-backup backup --help",
        "backup --exlude x, --exclude, keyvault-backup backup --help",
        "runs --faild, --failed, keyvault-backup runs --help",
        "runs --limit many, --limit, keyvault-backup runs --help",
        "backup --vault, --vault, keyvault-backup backup --help"
    })
    void whatIsNotUnderstoodIsNamedWithWhatMayHaveBeenMeant(String line, String meant, String help) {
        Invocation wrong = Invocation.of(line.split(" "));

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err()).startsWith("keyvault-backup: ").contains(meant, help);
        assertThat(wrong.err()).satisfies(text -> assertThat(text.lines()).hasSizeLessThan(6));
    }

    @Test
    void asJson() {
        Invocation wrong = Invocation.of("backup", "--vaults", "x", "--json");

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).isEmpty();
        assertThat(wrong.line().path("message_type").asString()).isEqualTo("error");
        assertThat(wrong.line().path("message").asString()).contains("--vaults", "--vault");
        assertThat(wrong.line().path("exit_code").asInt()).isEqualTo(2);
    }
}
