package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.MutableClock;
import io.keyvaultbackup.testservices.Postgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The groups of health on the management port: of the job database, of the store, and of how new the copies are. */
class HealthGroupsTest extends EmulatedVaultTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    /** Nobody waits longer for health. */
    private static final Duration BOUND = Duration.ofSeconds(5);

    /** The time of a dashboard, which the test moves. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Moved {

        static MutableClock clock = new MutableClock();

        @Bean
        @Primary
        InstantSource movedClock() {
            return clock;
        }
    }

    private record Answer(int code, JsonNode body) {

        String status() {
            return body.path("status").asString();
        }

        JsonNode details(String contributor) {
            return body.path("components").path(contributor).path("details");
        }
    }

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void setToken() {
        bench.set("keyvault-backup.dashboard.access.metrics-token", TOKEN);
    }

    private Answer ask(Served served, String group, boolean withToken) {
        HttpRequest.Builder request = HttpRequest.newBuilder(served.managementAddress("/actuator/health/" + group))
                .timeout(BOUND);
        if (withToken) {
            request.header("Authorization", "Bearer " + TOKEN);
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), new JsonMapper().readTree(answer.body()));
        } catch (IOException failed) {
            throw new AssertionError(group + " within " + BOUND, failed);
        } catch (InterruptedException ended) {
            throw new AssertionError(ended);
        }
    }

    private Answer ask(Served served, String group) {
        return ask(served, group, true);
    }

    /** What the sources told is kept for some seconds. */
    private Answer askUntil(Served served, String group, Predicate<Answer> wanted) {
        Answer answer = ask(served, group);
        for (int tries = 0; tries < 100 && !wanted.test(answer); tries++) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            answer = ask(served, group);
        }
        return answer;
    }

    private static Instant moment(Bench.Result backup) {
        assertThat(backup.exitCode()).as(backup.out() + backup.err()).isZero();
        return Instant.parse(backup.summary().path("consistent_as_of").asString());
    }

    @Test
    void eachSourceAndTheCopiesAreToldApartAndNoneOfThemTakesTheDashboardOutOfService() {
        // given
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        vault.secrets("top-secret", 2);
        EmulatedVault patient = emulator.vault("patient");
        patient.secrets("app", 1);
        Instant first = moment(bench.backUp(vault));
        Instant second = moment(bench.backUp(patient)); // the service tells whole seconds: it may be the earlier one
        Moved.clock = new MutableClock(Instant.now());
        bench.with(Moved.class)
                .set("keyvault-backup.fleet.vaults[0].name", patient.uri().toString())
                .set("keyvault-backup.fleet.vaults[0].objective", "7d")
                .set("keyvault-backup.vaults", vault.uri().toString());

        try (Served served = bench.serve()) {
            // then all is well
            for (String group : new String[] {"database", "store", "freshness", "liveness", "readiness"}) {
                Answer answer = ask(served, group);
                assertThat(answer.code()).as(group + ": " + answer.body()).isEqualTo(200);
                assertThat(answer.status()).as(group).isEqualTo("UP");
            }
            JsonNode fresh = ask(served, "freshness").details("newestCopies");
            assertThat(fresh.path("worst").asString()).isEqualTo("good");
            assertThat(fresh.path("counts").toString()).isEqualTo("{\"good\":2}");
            assertThat(fresh.path("oldest").path("vault").asString())
                    .isEqualTo(FleetPageTest.path(second.isBefore(first) ? patient : vault));
            assertThat(fresh.has("vaults")).isFalse();

            // when time goes by without a backup
            Moved.clock.advance(Duration.ofHours(27));

            // then one of them is older than its objective
            Answer old = ask(served, "freshness");
            assertThat(old.code()).isEqualTo(503);
            assertThat(old.status()).isEqualTo("OUT_OF_SERVICE");
            JsonNode details = old.details("newestCopies");
            assertThat(details.path("worst").asString()).isEqualTo("too_old");
            assertThat(details.path("counts").toString()).isEqualTo("{\"good\":1,\"too_old\":1}");
            assertThat(details.path("vaults")).hasSize(1);
            assertThat(details.path("vaults").get(0).path("vault").asString()).isEqualTo(FleetPageTest.path(vault));
            assertThat(details.path("vaults").get(0).path("age_seconds").asLong())
                    .isBetween(26 * 3600L, 28 * 3600L);
            assertThat(details.path("vaults").get(0).path("objective_seconds").asLong())
                    .isEqualTo(26 * 3600);
            assertThat(old.body().toString()).doesNotContain("top-secret");
            assertThat(ask(served, "database").status()).isEqualTo("UP");

            // when the database goes away
            Postgres.shared().close(database);
            Moved.clock.advance(Duration.ofMinutes(3));

            // then it is told, the store is not blamed, and the dashboard is ready
            Answer away = askUntil(served, "database", answer -> answer.code() == 503);
            assertThat(away.status()).isEqualTo("DOWN");
            assertThat(away.details("jobDatabase").path("reason").asString()).contains("The job database");
            assertThat(away.details("jobDatabase").path("advice").asString()).isNotEmpty();
            assertThat(away.body().toString()).doesNotContain(database.password(), "jdbc:");
            assertThat(ask(served, "store").status()).isEqualTo("UP");
            assertThat(ask(served, "readiness").status()).isEqualTo("UP");
            assertThat(ask(served, "liveness").status()).isEqualTo("UP");
            assertThat(ask(served, "freshness").code()).isEqualTo(503);
        }
    }

    @Test
    void aDatabaseThatHangsIsDownAndTheStoreIsNotBlamed() throws SQLException {
        // given
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        vault.secrets("app", 1);
        assertThat(bench.backUp(vault).exitCode()).isZero();
        Moved.clock = new MutableClock(Instant.now());
        bench.with(Moved.class);

        try (Served served = bench.serve();
                Connection holder =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
            assertThat(ask(served, "store").status()).isEqualTo("UP");
            assertThat(ask(served, "database").status()).isEqualTo("UP");

            // when nobody gets at a vault's row any more, and what is known of the store is too old
            holder.setAutoCommit(false);
            holder.createStatement().execute("LOCK TABLE ledger_vault IN ACCESS EXCLUSIVE MODE");
            Moved.clock.advance(Duration.ofMinutes(3));

            // then
            assertThat(ask(served, "store").status()).isEqualTo("UP");
            Answer hangs = ask(served, "database");
            assertThat(hangs.code()).isEqualTo(503);
            assertThat(hangs.details("jobDatabase").path("reason").asString())
                    .isEqualTo("There is no answer yet; it was waited for 4 seconds.");

            // when it is let go
            holder.rollback();

            // then
            assertThat(askUntil(served, "database", answer -> answer.code() == 200)
                            .status())
                    .isEqualTo("UP");
        }
    }

    @Test
    void whoHasNoTokenIsToldNothing() throws Exception {
        try (Served served = bench.serve()) {
            for (String group : new String[] {"database", "store", "freshness", ""}) {
                HttpResponse<String> refused = client.send(
                        HttpRequest.newBuilder(served.managementAddress("/actuator/health/" + group))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(refused.statusCode()).as(group).isEqualTo(401);
                assertThat(refused.body()).as(group).isEmpty();
            }
            assertThat(ask(served, "readiness", false).body().toString()).isEqualTo("{\"status\":\"UP\"}");
            assertThat(ask(served, "freshness").details("newestCopies").toString())
                    .isEqualTo("{\"reason\":\"No vault is known.\"}");
        }
    }

    @Test
    void aStoreThatHangsIsDownAndNobodyWaitsForIt() throws IOException {
        // given a store that takes every connection and answers none
        try (ServerSocket hangs = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            bench.without("keyvault-backup.store.directory")
                    .set(
                            "keyvault-backup.store.container-url",
                            "http://127.0.0.1:" + hangs.getLocalPort() + "/account/backups")
                    .set("keyvault-backup.store.sas-token", "sv=2025-01-05&sr=c&sp=rl&se=2099-01-01T00:00:00Z&sig=AAAA")
                    .set(
                            "keyvault-backup.store.lease-sas-token",
                            "sv=2025-01-05&sr=c&sp=rcw&se=2099-01-01T00:00:00Z&sig=AAAA");

            try (Served served = bench.serve()) {
                // then
                Answer store = ask(served, "store");
                assertThat(store.code()).isEqualTo(503);
                assertThat(store.status()).isEqualTo("DOWN");
                assertThat(store.details("backupStore").path("reason").asString())
                        .isEqualTo("There is no answer yet; it was waited for 4 seconds.");
                assertThat(ask(served, "database").status()).isEqualTo("UP");
                assertThat(ask(served, "readiness").status()).isEqualTo("UP");
                assertThat(ask(served, "freshness").status()).isEqualTo("UNKNOWN");
            }
        }
    }

    @Test
    void aStoreThatIsNotThereIsToldWithWhatToDo() throws IOException {
        Path file = Files.writeString(directory.resolve("no-directory"), "");
        bench.set("keyvault-backup.store.directory", file.resolve("store").toString());

        try (Served served = bench.serve()) {
            Answer store = ask(served, "store");
            assertThat(store.status()).isEqualTo("DOWN");
            assertThat(store.details("backupStore").path("reason").asString()).startsWith("The store ");
            assertThat(store.details("backupStore").path("advice").asString()).isNotEmpty();
        }
    }
}
