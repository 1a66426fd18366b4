package io.keyvaultbackup.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {

    @Test
    void whatIsShortAndPrintableStaysAsItIs() {
        assertThat(ForeignText.bounded("größer 数 🔑", 11)).isEqualTo("größer 数 🔑");
        assertThat(ForeignText.bounded("", 11)).isEmpty();
    }

    @Test
    void controlCharactersAreSpaces() {
        assertThat(ForeignText.bounded("a\u0000\r\n\u001b[31mb\u007f", 20)).isEqualTo("a [31mb ");
    }

    @Test
    void halfACharacterIsReplaced() {
        assertThat(ForeignText.bounded("a\ud83db\udd11", 20)).isEqualTo("a\ufffdb\ufffd");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7})
    void whatIsCutCanBeWrittenAndIsNotCutAgain(int longest) {
        String cut = ForeignText.bounded("🔑".repeat(9), longest);

        assertThat(cut).endsWith("…").hasSizeLessThanOrEqualTo(longest);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(cut)).isTrue();
        assertThat(ForeignText.bounded(cut, longest)).isEqualTo(cut);
    }
}
