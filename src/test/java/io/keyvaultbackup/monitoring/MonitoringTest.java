package io.keyvaultbackup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.MonitoringProgram;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus with the rules of config/ scrapes a real Pushgateway to which the program has pushed, and the dashboard. */
class MonitoringTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String METRICS_TOKEN = "0123456789abcdef0123456789abcdef";
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    @Test
    void everyQueryOfTheDashboardAndOfTheRulesHasASeries() throws IOException {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                MonitoringProgram gateway = MonitoringProgram.pushgateway()) {
            // given what jobs push, of two vaults, and what is served, of all of them
            jobs(emulator, gateway.url());
            Bench served = new Bench(directory, emulator)
                    .set("keyvault-backup.dashboard.schedule", "* * * * *")
                    .set("keyvault-backup.dashboard.access.metrics-token", METRICS_TOKEN);

            // when
            try (Served dashboard = served.serve();
                    MonitoringProgram prometheus = MonitoringProgram.prometheus(
                            configuration(gateway.url(), dashboard.managementAddress("")),
                            directory.resolve("prometheus"))) {
                awaitRules(prometheus);

                // then
                SoftAssertions.assertSoftly(softly -> {
                    for (String query : MonitoringFiles.queries()) {
                        softly.assertThat(result(prometheus, query)).as(query).isNotEmpty();
                    }
                    for (MonitoringFiles.Rule rule : MonitoringFiles.rules()) {
                        if (!rule.isAlert()) {
                            softly.assertThat(result(prometheus, rule.expression()))
                                    .as(rule.name())
                                    .isNotEmpty();
                        }
                        MonitoringFiles.selectors(rule.expression())
                                .forEach(selector -> softly.assertThat(result(prometheus, selector))
                                        .as(selector + " of " + rule.name())
                                        .isNotEmpty());
                    }
                    for (JsonNode group : JSON.readTree(prometheus.get("/api/v1/rules"))
                            .path("data")
                            .path("groups")) {
                        for (JsonNode rule : group.path("rules")) {
                            softly.assertThat(rule.path("health").asString())
                                    .as(rule.toString())
                                    .isEqualTo("ok");
                        }
                    }
                });
                String everything = prometheus.get("/api/v1/series?match[]=" + encoded("{__name__=~\".+\"}"));
                assertThat(everything)
                        .contains("keyvault_backup_last_objects", "keyvault_backup_vault_damage")
                        .doesNotContain("app-password", "signing-key");
            }
        }
    }

    /** Each kind of job once, of two vaults, with a throttle and a retry. */
    private void jobs(KeyVaultEmulator emulator, URI gateway) {
        EmulatedVault first = emulator.vault("first");
        first.secrets("app-password", 4);
        first.key("signing-key");
        first.faults().on(Operation.BACKUP, "key").times(1).throttle(null);
        EmulatedVault second = emulator.vault("second");
        second.secrets("app-password", 2);
        Bench bench = new Bench(directory, emulator)
                .with(FastTime.class)
                .set("keyvault-backup.metrics.pushgateway.url", gateway.toString())
                .set("keyvault-backup.notifications.webhooks[0].name", "nobody")
                .set(
                        "keyvault-backup.notifications.webhooks[0].url",
                        gateway.resolve("/nobody").toString());
        first.faults().on(Operation.LIST, "key").times(1).forbid("ForbiddenByRbac");
        assertThat(bench.backUp(first).exitCode()).isEqualTo(3); // which nobody takes note of
        succeeds(bench.backUp(first));
        succeeds(bench.backUp(second));
        succeeds(bench.backUp(first, "--full"));
        succeeds(bench.run("verify", "--read-data", "--json"));
        succeeds(bench.run(
                "drill",
                "--from",
                first.uri().toString(),
                "--to",
                emulator.vault("scratch").uri().toString(),
                "--yes",
                "--json"));
        succeeds(bench.run("forget", "--keep-last", "1", "--json"));
    }

    private static void succeeds(Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    private Path configuration(URI gateway, URI served) throws IOException {
        return Files.writeString(directory.resolve("prometheus.yaml"), """
                global:
                  scrape_interval: 1s
                  evaluation_interval: 1s
                rule_files:
                  - %s
                scrape_configs:
                  - job_name: pushgateway
                    honor_labels: true
                    static_configs:
                      - targets: ["%s"]
                  - job_name: dashboard
                    metrics_path: /actuator/prometheus
                    authorization:
                      credentials: %s
                    static_configs:
                      - targets: ["%s"]
                """.formatted(
                MonitoringFiles.RULES.toAbsolutePath(), gateway.getAuthority(), METRICS_TOKEN, served.getAuthority()));
    }

    /** Both targets are scraped once, and then each rule is asked twice, as some ask for what others record. */
    private static void awaitRules(MonitoringProgram prometheus) {
        Instant until = Instant.now().plus(LIMIT);
        while (Instant.now().isBefore(until)) {
            if (prometheus.get("/-/ready").contains("is Ready")
                    && result(prometheus, "keyvault_backup:due_timestamp_seconds")
                                    .size()
                            == 2
                    && result(prometheus, "keyvault_backup_vault_objective_seconds")
                                    .size()
                            == 2
                    && result(prometheus, "keyvault_backup:throttled_ratio").size() == 2) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        throw new AssertionError("the rules recorded nothing: " + prometheus.get("/api/v1/targets"));
    }

    private static List<JsonNode> result(MonitoringProgram prometheus, String query) {
        JsonNode answer = JSON.readTree(prometheus.get("/api/v1/query?query=" + encoded(query)));
        assertThat(answer.path("status").asString()).as(query + ": " + answer).isEqualTo("success");
        return answer.path("data").path("result").valueStream().toList();
    }

    private static String encoded(String query) {
        return URLEncoder.encode(query, StandardCharsets.UTF_8);
    }
}
