package io.keyvaultbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is kept of very many vaults, and what is tried again at the end. */
@ExtendWith(OutputCaptureExtension.class)
class PushingTest {

    private static final int VAULTS = 3 * Pushing.MOST_KEPT;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LastValues last = new LastValues(registry);
    private final AtomicInteger status = new AtomicInteger(202);
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private HttpServer gateway;
    private Pushing pushing;

    PushingTest() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        pushing = new Pushing(
                registry,
                new PushgatewayGroups(
                        registry,
                        new MetricsProperties.Pushgateway(
                                "http://127.0.0.1:" + gateway.getAddress().getPort(), "job", null, null, null)));
    }

    @BeforeEach
    void start() {
        gateway.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
        registry.close();
    }

    @Test
    void aVaultThatIsPushedTakesNoMemoryAnyMore() {
        end(VAULTS);

        pushing.close();

        assertThat(bodies).hasSize(VAULTS).allMatch(body -> body.contains("a_value{vault="));
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aVaultThatEndsAgainIsPushedAgain() {
        end(1);
        pushing.close();
        Pushing another = new Pushing(
                registry,
                new PushgatewayGroups(
                        registry,
                        new MetricsProperties.Pushgateway(
                                "http://127.0.0.1:" + gateway.getAddress().getPort(), "job", null, null, null)));

        last.set("a.value", null, Tags.of(OfVault.VAULT, "vault-0"), 2);
        another.ended("backup", "vault-0");
        another.close();

        assertThat(bodies).hasSize(2);
        assertThat(bodies.getLast()).contains("a_value{vault=\"vault-0\"} 2.0");
    }

    @Test
    void whatIsPushedOfNotificationsAfterwardsLeavesNothing() {
        end(1);
        pushing.ended(MetricPushes.NOTIFICATIONS, "vault-0");

        pushing.close();

        assertThat(bodies).anyMatch(body -> body.contains("keyvault_pushgateway_failures_total{vault=\"vault-0\"} 0"));
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void whatCouldNotBePushedIsTriedAgainAtTheEndAndFewVaultsAreKeptForThat(CapturedOutput output) {
        status.set(503);
        end(VAULTS);

        pushing.close();

        assertThat(registry.getMeters().stream()
                        .map(Meter::getId)
                        .filter(id -> id.getName().equals("a.value"))
                        .map(id -> Objects.requireNonNull(id.getTag(OfVault.VAULT))))
                .hasSizeLessThanOrEqualTo(Pushing.MOST_KEPT);
        assertThat(bodies).hasSizeBetween(VAULTS + 1, VAULTS + Pushing.MOST_KEPT);
        assertThat(output.getAll())
                .containsOnlyOnce("could not be pushed to the Pushgateway")
                .contains("it answered 503")
                .contains("In all, the metrics of " + VAULTS + " vaults were not pushed.");
    }

    private void end(int vaults) {
        IntStream.range(0, vaults).forEach(number -> {
            String vault = "vault-" + number;
            last.set("a.value", null, Tags.of(OfVault.VAULT, vault), 1);
            pushing.ended("backup", vault);
        });
    }
}
