package io.keyvaultbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of the program as a process of its own: what is loaded for them, and what it says. */
class OwnProcessTest {

    private static final Predicate<String> SENDS = Pattern.compile(
                    " (io\\.prometheus|io\\.micrometer\\.prometheusmetrics|io\\.micrometer\\.registry|io\\.micrometer\\.tracing|io\\.opentelemetry|com\\.google\\.protobuf|jakarta\\.mail|org\\.eclipse\\.angus)\\.")
            .asPredicate();

    private static final Predicate<String> AT_WORK = Pattern.compile(
                    " (io\\.prometheus\\.metrics\\.exporter|io\\.opentelemetry|com\\.google\\.protobuf)\\.")
            .asPredicate();

    @TempDir
    private Path directory;

    @Test
    void whereNothingIsConfiguredNothingOfWhatSendsIsLoaded() throws IOException {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("unpushed");
            vault.secrets("app", 2);
            Bench bench = new Bench(directory, emulator);

            assertThat(loadedBy(
                            emulator, bench, "backup", "--vault", vault.uri().toString()))
                    .hasSizeGreaterThan(3000)
                    .noneMatch(SENDS);
        }
    }

    @Test
    void whereItIsConfiguredAVerbThatCountsNothingMakesNothingOfIt() throws IOException {
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("pushed");
            vault.secrets("app", 2);
            Bench bench = new Bench(directory, emulator)
                    .set("keyvault-backup.metrics.pushgateway.url", "http://127.0.0.1:1")
                    .set("keyvault-backup.metrics.otlp.endpoint", "http://127.0.0.1:1/v1/metrics");

            assertThat(loadedBy(
                            emulator, bench, "backup", "--vault", vault.uri().toString()))
                    .anyMatch(AT_WORK);
            assertThat(loadedBy(emulator, bench, "runs")).noneMatch(AT_WORK);
        }
    }

    /** Protobuf's library uses what JDK 25 warns of. */
    @Test
    void whoSendsByOtlpSaysNothingOfItWhereItGoesWell() throws IOException {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        receiver.createContext("/v1/metrics", exchange -> {
            sizes.add(exchange.getRequestBody().readAllBytes().length);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("quiet");
            vault.secrets("app", 2);
            Bench bench = new Bench(directory, emulator)
                    .set(
                            "keyvault-backup.metrics.otlp.endpoint",
                            "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/metrics");

            Bench.Result result = new OwnProcess(directory, emulator, bench)
                    .run("backup", "--quiet", "--vault", vault.uri().toString());

            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            assertThat(result.err()).isEmpty();
            assertThat(sizes).isNotEmpty().allMatch(size -> size > 1000);
        } finally {
            receiver.stop(0);
        }
    }

    private List<String> loadedBy(KeyVaultEmulator emulator, Bench bench, String... verb) throws IOException {
        Path classes = directory.resolve("classes.txt");
        Files.deleteIfExists(classes);
        Bench.Result result = new OwnProcess(directory, emulator, bench)
                .options(List.of("-Xlog:class+load:file=" + classes))
                .untrained()
                .run(verb);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return Files.readAllLines(classes);
    }
}
