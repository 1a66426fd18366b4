package io.keyvaultbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused of where metrics are sent to, and that no secret is told. */
class MetricsPropertiesTest {

    private static final MetricsProperties.Otlp NO_OTLP = new MetricsProperties.Otlp(null, Map.of());

    @Test
    void nothingGivenAndEmptyValuesAreNothingWrong() {
        assertThat(new MetricsProperties(gateway(" ", "", "", ""), new MetricsProperties.Otlp("", Map.of())).problems())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://gateway:9091", "HTTPS://gateway.example.com/push/"})
    void anAddressOfHttpIsOne(String url) {
        assertThat(new MetricsProperties(gateway(url, null, null, null), NO_OTLP).problems())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway:9091",
                "ftp://gateway",
                "http://user:canary@gateway",
                "http://gateway?token=canary",
                "http://gateway#canary",
                "http:///metrics",
                "http://ga teway"
            })
    void whatIsNoAddressIsRefusedWithoutWhatMayBeSecretInIt(String url) {
        assertThat(new MetricsProperties(gateway(url, null, null, null), new MetricsProperties.Otlp(url, Map.of()))
                        .problems())
                .hasSize(2)
                .allMatch(problem -> problem.contains("is no address of HTTP") && !problem.contains("canary"));
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        MetricsProperties.Pushgateway gateway =
                new MetricsProperties.Pushgateway("http://gateway", "a job", "user", null, "one\ntwo");
        MetricsProperties.Otlp otlp =
                new MetricsProperties.Otlp("http://collector", Map.of("authorization", "canary\r\nx: y"));

        assertThat(new MetricsProperties(gateway, otlp).problems())
                .hasSize(5)
                .anyMatch(problem -> problem.contains(".pushgateway.job"))
                .anyMatch(problem -> problem.contains("belong together"))
                .anyMatch(problem -> problem.contains("two ways"))
                .anyMatch(problem -> problem.contains("one line (its value is secret)"))
                .anyMatch(problem -> problem.contains(".otlp.headers.authorization"))
                .noneMatch(problem -> problem.contains("canary"));
    }

    @Test
    void inTextNoSecretIsTold() {
        MetricsProperties properties = new MetricsProperties(
                gateway("http://a:canary@gateway", "user", "canary", "canary"),
                new MetricsProperties.Otlp("http://collector?canary", Map.of("authorization", "canary")));

        assertThat(properties.toString())
                .contains("user", "gateway", "authorization")
                .doesNotContain("canary");
    }

    private static MetricsProperties.Pushgateway gateway(
            @Nullable String url, @Nullable String user, @Nullable String password, @Nullable String token) {
        return new MetricsProperties.Pushgateway(url, "keyvault-backup", user, password, token);
    }
}
