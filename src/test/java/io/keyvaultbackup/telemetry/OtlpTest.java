package io.keyvaultbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.vault.VaultAddress;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What jobs send to a receiver of OTLP before they exit; decoded with OpenTelemetry's own protocol. */
@ExtendWith(OutputCaptureExtension.class)
class OtlpTest {

    @TempDir
    private Path directory;

    @Test
    void aRunIsSentBeforeItsProcessExitsByVaultAndNeverByObject() throws IOException {
        try (OtlpReceiver<ExportMetricsServiceRequest> receiver = receiver(200);
                KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault vault = emulator.vault("sent");
            vault.secrets("app-password", 3);
            Bench bench =
                    bench(emulator, receiver).set("keyvault-backup.metrics.otlp.headers.authorization", "Bearer abc");

            // when
            Bench.Result result = bench.backUp(vault);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            assertThat(receiver.received()).isNotEmpty();
            assertThat(receiver.authorizations()).containsOnly("Bearer abc");
            ResourceMetrics resource = receiver.received().getLast().getResourceMetrics(0);
            assertThat(attributes(resource.getResource().getAttributesList())).contains("service.name=keyvault-backup");
            String host = VaultAddress.parse(vault.uri().toString()).storeName();
            assertThat(metric(resource, "keyvault.backup.last.objects")
                            .getGauge()
                            .getDataPointsList())
                    .filteredOn(point -> point.getAsDouble() != 0)
                    .singleElement()
                    .satisfies(point -> assertThat(point.getAsDouble()).isEqualTo(3))
                    .satisfies(point -> assertThat(attributes(point.getAttributesList()))
                            .containsExactlyInAnyOrder("vault=" + host, "kind=secret", "outcome=backed_up"));
            NumberDataPoint bytes =
                    metric(resource, "keyvault.backup.bytes").getSum().getDataPoints(0);
            assertThat(bytes.getAsDouble()).isPositive();
            HistogramDataPoint calls =
                    metric(resource, "keyvault.backup.call").getHistogram().getDataPoints(0);
            assertThat(calls.getCount()).isEqualTo(3);
            assertThat(calls.getExplicitBoundsList()).contains(1000.0);
            assertThat(receiver.received().toString()).doesNotContain("app-password");
        }
    }

    @Test
    void aReceiverThatRefusesIsAWarningAndNothingElse(CapturedOutput output) throws IOException {
        try (OtlpReceiver<ExportMetricsServiceRequest> receiver = receiver(503);
                KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("unsent");
            vault.secrets("app", 1);

            Bench.Result result = bench(emulator, receiver).backUp(vault);

            assertThat(result.exitCode()).isZero();
            assertThat(output.getErr())
                    .contains("The metrics could not be sent to the receiver of OTLP", "it answered 503")
                    .doesNotContain("MeterFilter");
        }
    }

    private Bench bench(KeyVaultEmulator emulator, OtlpReceiver<?> receiver) {
        return new Bench(directory, emulator)
                .with(FastTime.class)
                .set("keyvault-backup.metrics.otlp.endpoint", receiver.endpoint());
    }

    private static OtlpReceiver<ExportMetricsServiceRequest> receiver(int status) throws IOException {
        return new OtlpReceiver<>("/v1/metrics", ExportMetricsServiceRequest.parser(), status);
    }

    private static Metric metric(ResourceMetrics resource, String name) {
        return resource.getScopeMetricsList().stream()
                .flatMap(scope -> scope.getMetricsList().stream())
                .filter(metric -> metric.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + resource));
    }

    private static Stream<String> attributes(List<KeyValue> attributes) {
        return attributes.stream()
                .map(attribute ->
                        attribute.getKey() + "=" + attribute.getValue().getStringValue());
    }
}
