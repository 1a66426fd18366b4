package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The verb serve: starts, answers, ends, and says why it does not start. */
class ServeTest extends EmulatedVaultTest {

    private static HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void servesUntilItIsTold() throws Exception {
        try (Served served = bench.serve()) {
            assertThat(get(served.managementAddress("/actuator/health/liveness")))
                    .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(200))
                    .satisfies(answer -> assertThat(answer.body()).isEqualTo("{\"status\":\"UP\"}"));
            assertThat(get(served.address("/")).statusCode()).isEqualTo(302);
            assertThat(get(served.address("/actuator/health")).statusCode())
                    .as("health is on the management port alone")
                    .isEqualTo(302);
            assertThat(get(served.managementAddress("/")).statusCode()).isEqualTo(401);

            assertThat(served.stop()).isZero();
        }
    }

    @Test
    void servesWithoutAStoreAndWithoutAVault() throws Exception {
        bench.without("keyvault-backup.store.directory");

        try (Served served = bench.serve()) {
            assertThat(get(served.managementAddress("/actuator/health/readiness"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Bench.Result result =
                    bench.run("serve", "--port", String.valueOf(taken.getLocalPort()), "--management-port", "0");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .contains(String.valueOf(taken.getLocalPort()))
                    .contains("keyvault-backup.dashboard.port");
        }
    }

    @Test
    void aWrongPortIsRefused() {
        Bench.Result result = bench.run("serve", "--port", "70000", "--management-port", "9000");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("keyvault-backup.dashboard.port: 70000 is not between 0 and 65535");
        assertThat(bench.run("serve", "--port", "9000", "--management-port", "9000")
                        .err())
                .contains("keyvault-backup.dashboard.management-port: 9000 is the dashboard's own port");
        assertThat(bench.run("serve", "--port", "many"))
                .satisfies(many -> assertThat(many.exitCode()).as(many.err()).isEqualTo(2))
                .satisfies(many -> assertThat(many.err()).contains("keyvault-backup.dashboard.port"));
        assertThat(bench.run("serve", "--management-port", "many").exitCode()).isEqualTo(2);
        bench.set("keyvault-backup.dashboard.address", "no address");
        assertThat(bench.run("serve").err()).contains("keyvault-backup.dashboard.address: 'no address' is no address");
    }
}
