package io.keyvaultbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.MonitoringProgram;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What jobs leave at a Pushgateway before they exit. */
@ExtendWith(OutputCaptureExtension.class)
class PushgatewayTest {

    @TempDir
    private Path directory;

    @Test
    void eachVaultHasAGroupOfItsOwnWhichNoOtherProcessTouches() {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                MonitoringProgram gateway = MonitoringProgram.pushgateway()) {
            // given
            EmulatedVault first = emulator.vault("first");
            EmulatedVault second = emulator.vault("second");
            first.secrets("app-of-first", 3);
            second.secrets("app-of-second", 2);
            Bench bench = bench(emulator, gateway.url().toString());

            // when each is a launch of its own, with a registry of its own
            Bench.Result one = bench.backUp(first);
            Bench.Result other = bench.backUp(second);

            // then
            assertThat(one.exitCode()).as(one.out() + one.err()).isZero();
            assertThat(other.exitCode()).as(other.out() + other.err()).isZero();
            String metrics = gateway.get("/metrics");
            assertThat(value(metrics, "keyvault_backup_last_success_timestamp_seconds", first))
                    .isCloseTo(now(), Offset.offset(300.0));
            assertThat(value(metrics, "keyvault_backup_last_success_timestamp_seconds", second))
                    .isCloseTo(now(), Offset.offset(300.0));
            assertThat(value(
                            metrics, "keyvault_backup_last_objects", first, "kind=\"secret\"", "outcome=\"backed_up\""))
                    .isEqualTo(3);
            assertThat(value(
                            metrics,
                            "keyvault_backup_last_objects",
                            second,
                            "kind=\"secret\"",
                            "outcome=\"backed_up\""))
                    .isEqualTo(2);
            assertThat(metrics)
                    .contains("job=\"keyvault-backup\"")
                    .contains("spring_batch_job_seconds_count{")
                    .contains("keyvault_backup_call_seconds_bucket{")
                    .doesNotContain("app-of-first", "app-of-second");
            assertThat(metrics.lines().filter(line -> line.startsWith("keyvault_") || line.startsWith("spring_")))
                    .allMatch(line -> line.contains("vault=\"" + host(first) + "\"")
                            || line.contains("vault=\"" + host(second) + "\""));
        }
    }

    @Test
    void aRunThatFailsLeavesWhenTheVaultWasLastBackedUp() {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                MonitoringProgram gateway = MonitoringProgram.pushgateway()) {
            // given
            EmulatedVault vault = emulator.vault("once-well");
            vault.secrets("app", 2);
            Bench bench = bench(emulator, gateway.url().toString());
            assertThat(bench.backUp(vault).exitCode()).isZero();
            double before = value(gateway.get("/metrics"), "keyvault_backup_last_success_timestamp_seconds", vault);

            // when
            vault.faults().on(Operation.LIST).always().forbid("ForbiddenByRbac");
            Bench.Result refused = bench.backUp(vault, "--full");

            // then
            assertThat(refused.exitCode()).as(refused.out() + refused.err()).isNotZero();
            String metrics = gateway.get("/metrics");
            assertThat(value(metrics, "keyvault_backup_last_success_timestamp_seconds", vault))
                    .isEqualTo(before);
            assertThat(value(metrics, "keyvault_backup_last_status", vault, "status=\"complete\""))
                    .isZero();
            assertThat(value(
                            metrics, "keyvault_backup_last_objects", vault, "kind=\"secret\"", "outcome=\"backed_up\""))
                    .isZero();
        }
    }

    @Test
    void whatIsFoundOutAboutCopiesIsInGroupsOfOtherJobs() throws IOException {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                MonitoringProgram gateway = MonitoringProgram.pushgateway()) {
            // given
            EmulatedVault vault = emulator.vault("proven");
            EmulatedVault scratch = emulator.vault("scratch");
            vault.secrets("app", 2);
            Bench bench = bench(emulator, gateway.url().toString());
            assertThat(bench.backUp(vault).exitCode()).isZero();

            // when
            Bench.Result verified = bench.run("verify", "--read-data", "--json");
            Bench.Result drilled = bench.run(
                    "drill",
                    "--from",
                    vault.uri().toString(),
                    "--to",
                    scratch.uri().toString(),
                    "--yes",
                    "--json");

            // then
            assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
            assertThat(drilled.exitCode()).as(drilled.out() + drilled.err()).isZero();
            String metrics = gateway.get("/metrics");
            assertThat(value(metrics, "keyvault_verify_last_findings", vault, "level=\"damage\"", "-verify\""))
                    .isZero();
            assertThat(value(metrics, "keyvault_drill_last_status", vault, "status=\"complete\"", "-drill\""))
                    .isEqualTo(1);
            assertThat(value(metrics, "keyvault_backup_last_status", vault, "status=\"complete\""))
                    .isEqualTo(1);

            // and when a copy is lost
            String copy = bench.blobs().keySet().stream()
                    .filter(name -> name.contains("/secret/"))
                    .findFirst()
                    .orElseThrow();
            Files.delete(bench.store().resolve(copy));
            assertThat(bench.run("verify", "--json").exitCode()).isEqualTo(4);
            assertThat(value(gateway.get("/metrics"), "keyvault_verify_last_findings", vault, "level=\"damage\""))
                    .isEqualTo(1);
        }
    }

    @Test
    void nobodyThereIsAWarningAndNothingElse(CapturedOutput output) {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault vault = emulator.vault("alone");
            vault.secrets("app", 1);
            Bench bench = bench(emulator, "http://127.0.0.1:1");

            // when
            Bench.Result result = bench.backUp(vault);

            // then
            assertThat(result.exitCode()).isZero();
            assertThat(output.getErr())
                    .contains("The metrics of " + host(vault)
                            + " could not be pushed to the Pushgateway http://127.0.0.1:1");
        }
    }

    @Test
    void oneThatNeverAnswersIsGivenFiveSecondsInAll() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        List<String> seen = new CopyOnWriteArrayList<>();
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            HttpServer silent = server(exchange -> {
                seen.add(exchange.getRequestURI().toString());
                try {
                    over.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            // given
            List<EmulatedVault> vaults =
                    Stream.of("a", "b", "c", "d", "e", "f").map(emulator::vault).toList();
            vaults.forEach(vault -> vault.secrets("app", 1));
            Bench bench = bench(
                            emulator, "http://127.0.0.1:" + silent.getAddress().getPort())
                    .set(
                            "keyvault-backup.vaults",
                            String.join(
                                    ",",
                                    vaults.stream()
                                            .map(vault -> vault.uri().toString())
                                            .toList()));

            // when
            Instant before = Instant.now();
            Bench.Result without =
                    bench.without("keyvault-backup.metrics.pushgateway.url").run("backup", "--json");
            Duration usual = Duration.between(before, Instant.now());
            bench.set(
                    "keyvault-backup.metrics.pushgateway.url",
                    "http://127.0.0.1:" + silent.getAddress().getPort());
            before = Instant.now();
            Bench.Result result = bench.run("backup", "--json");
            Duration taken = Duration.between(before, Instant.now());

            // then
            assertThat(without.exitCode()).isZero();
            assertThat(result.exitCode()).isZero();
            assertThat(seen).isNotEmpty();
            assertThat(taken)
                    .as("as long as without, and 5 s at most (twice that for a machine that is busy)")
                    .isLessThan(usual.multipliedBy(2).plus(Pushing.LIMIT.multipliedBy(2)));
            over.countDown();
            silent.stop(0);
        }
    }

    @Test
    void itIsToldWhoPushes(CapturedOutput output) throws IOException {
        List<String> authorizations = new CopyOnWriteArrayList<>();
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            HttpServer gateway = server(exchange -> {
                authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(202, -1);
                exchange.close();
            });
            EmulatedVault vault = emulator.vault("told");
            vault.secrets("app", 1);
            String prefix = "keyvault-backup.metrics.pushgateway.";
            Bench bench =
                    bench(emulator, "http://127.0.0.1:" + gateway.getAddress().getPort());

            // when
            bench.backUp(vault);
            bench.set(prefix + "user", "pusher").set(prefix + "password", "a-password");
            bench.backUp(vault);
            bench.without(prefix + "user").without(prefix + "password").set(prefix + "bearer-token", "a-token");
            Bench.Result last = bench.backUp(vault, "--debug");

            // then
            assertThat(authorizations)
                    .containsExactly(
                            "null",
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString("pusher:a-password".getBytes(StandardCharsets.UTF_8)),
                            "Bearer a-token");
            assertThat(last.out() + last.err() + output.getAll()).doesNotContain("a-token");
            gateway.stop(0);
        }
    }

    @Test
    void aRefusalIsToldByItsStatusAloneAndARedirectionIsNotFollowed(CapturedOutput output) throws IOException {
        List<String> elsewhere = new CopyOnWriteArrayList<>();
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            HttpServer other = server(exchange -> {
                elsewhere.add(exchange.getRequestURI().toString());
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            HttpServer gateway = server(exchange -> {
                byte[] echo = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders()
                        .add(
                                "Location",
                                "http://127.0.0.1:" + other.getAddress().getPort() + "/");
                exchange.sendResponseHeaders(302, echo.length);
                exchange.getResponseBody().write(echo);
                exchange.close();
            });
            EmulatedVault vault = emulator.vault("refused");
            vault.secrets("app", 1);
            Bench bench = bench(
                            emulator, "http://127.0.0.1:" + gateway.getAddress().getPort())
                    .set("keyvault-backup.metrics.pushgateway.bearer-token", "a-token");

            // when
            Bench.Result result = bench.backUp(vault);

            // then
            assertThat(result.exitCode()).isZero();
            assertThat(output.getAll() + result.err())
                    .contains("it answered 302")
                    .doesNotContain("a-token");
            assertThat(elsewhere).isEmpty();
            gateway.stop(0);
            other.stop(0);
        }
    }

    private Bench bench(KeyVaultEmulator emulator, String url) {
        return new Bench(directory, emulator).with(FastTime.class).set("keyvault-backup.metrics.pushgateway.url", url);
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private static HttpServer server(Handler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", handler::handle);
        server.setExecutor(task -> Thread.ofPlatform().daemon().start(task));
        server.start();
        return server;
    }

    private static double now() {
        return Instant.now().toEpochMilli() / 1000.0;
    }

    private static String host(EmulatedVault vault) {
        return VaultAddress.parse(vault.uri().toString()).storeName();
    }

    /** Of the series of that name and vault that has all of this. */
    private static double value(String metrics, String name, EmulatedVault vault, String... parts) {
        Pattern series = Pattern.compile("^" + name + "\\{(.*)} (\\S+)$", Pattern.MULTILINE);
        return series.matcher(metrics)
                .results()
                .filter(found -> found.group(1).contains("vault=\"" + host(vault) + "\""))
                .filter(found -> Stream.of(parts).allMatch(found.group(1)::contains))
                .map(found -> Double.parseDouble(found.group(2)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " of " + host(vault) + " in\n" + metrics));
    }
}
