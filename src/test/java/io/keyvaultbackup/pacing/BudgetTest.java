package io.keyvaultbackup.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {

    @ParameterizedTest
    @CsvSource({"50%, 2000", "100%, 4000", " 12.5 % , 500", "0.001%, 1", "2000, 2000", "1, 1", "9000, 9000"})
    void isAShareOfTheServicesLimitOrANumber(String text, int units) {
        assertThat(Budget.parse(text)).isEqualTo(new Budget(units));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0%", "-5", "101%", "fast", "", "%", "NaN%", "50 percent"})
    void refusesWhatAllowsNothingOrMakesNoSense(String text) {
        assertThatThrownBy(() -> Budget.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("such as 50%")
                .hasMessageContaining("such as 2000");
    }

    @Test
    void isSpreadOverTheWindow() {
        assertThat(new Budget(2_000).perSecond()).isEqualTo(200.0);
    }
}
