package io.keyvaultbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused of where traces are sent to, and that no secret is told. */
class TracingPropertiesTest {

    private static final String ENDPOINT = "http://collector:4318/v1/traces";

    @Test
    void nothingGivenAndEmptyValuesAreNothingWrong() {
        assertThat(new TracingProperties(" ", Map.of(), 1, 0.01, false, "").problems())
                .isEmpty();
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        TracingProperties wrong = new TracingProperties(
                "http://user:canary@collector", Map.of("authorization", "canary\n"), 1.01, Double.NaN, true, "a\nb");

        assertThat(wrong.problems())
                .hasSize(5)
                .anyMatch(problem -> problem.startsWith("keyvault-backup.tracing.endpoint: http://(hidden)@collector"))
                .anyMatch(problem -> problem.startsWith("keyvault-backup.tracing.headers.authorization "))
                .anyMatch(problem -> problem.startsWith("keyvault-backup.tracing.pages: 1.01"))
                .anyMatch(problem -> problem.startsWith("keyvault-backup.tracing.objects: NaN"))
                .anyMatch(problem -> problem.startsWith("keyvault-backup.tracing.service-name "))
                .noneMatch(problem -> problem.contains("canary"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void aShareIsFromNoneToAll(double share) {
        assertThat(new TracingProperties(ENDPOINT, Map.of(), share, share, false, null).problems())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer abc+/=", "caf\u00e9", "\u00ff", " "})
    void whatAHeaderMayHaveIsNothingWrong(String value) {
        assertThat(headers("authorization", value).problems()).isEmpty();
    }

    /** Whoever sends would throw an exception that tells the value. */
    @ParameterizedTest
    @CsvSource({
        "authorization,Bearer canary\u2026",
        "authorization,Bearer canary\u20ac",
        "authorization,'Bearer canary\r\nx: y'",
        "authorization,Bearer canary\u007f",
        "host,canary",
        "Content-Length,canary",
        "connection,canary",
        "a b,canary",
        "caf\u00e9,canary"
    })
    void whatCouldNotBeSentIsRefusedWithoutItsValue(String name, String value) {
        TracingProperties wrong = headers(name, value);

        assertThat(wrong.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .startsWith("keyvault-backup.tracing.headers." + name + " ")
                        .doesNotContain("canary"));
        assertThat(wrong.toString()).contains(name).doesNotContain("canary");
    }

    private static TracingProperties headers(String name, String value) {
        return new TracingProperties(ENDPOINT, Map.of(name, value), 1, 0.01, false, null);
    }
}
