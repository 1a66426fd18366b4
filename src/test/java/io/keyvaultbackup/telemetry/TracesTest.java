package io.keyvaultbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.vault.VaultAddress;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What jobs send to a receiver of traces; decoded with OpenTelemetry's own protocol. */
@ExtendWith(OutputCaptureExtension.class)
class TracesTest {

    private static final String TOLD = "Traces could not be sent to the receiver of OTLP";

    @TempDir
    private Path directory;

    @Test
    void aRunIsOneTraceWithItsStepsPagesObjectsCallsRetriesAndFailures() throws IOException {
        try (OtlpReceiver<ExportTraceServiceRequest> receiver = receiver(200);
                KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault vault = emulator.vault("traced");
            vault.secrets("app-password", 28);
            vault.secret("refused-canary");
            vault.secret("busy-canary");
            vault.faults()
                    .on(Operation.BACKUP, "secret", "refused-canary")
                    .always()
                    .forbid("ForbiddenByRbac");
            vault.faults()
                    .on(Operation.BACKUP, "secret", "busy-canary")
                    .times(1)
                    .throttle(Duration.ofSeconds(1));
            Bench bench = bench(emulator, receiver)
                    .set("keyvault-backup.tracing.objects", "1")
                    .set("keyvault-backup.tracing.headers.authorization", "Bearer abc");

            // when
            Bench.Result result = bench.backUp(vault);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
            assertThat(receiver.authorizations()).isNotEmpty().containsOnly("Bearer abc");
            assertThat(service(receiver)).containsOnly("keyvault-backup");
            List<Span> spans = spans(receiver);
            assertThat(spans.stream().map(Span::getTraceId).distinct()).hasSize(1);
            Span root = only(spans, span -> span.getParentSpanId().isEmpty());
            String host = VaultAddress.parse(vault.uri().toString()).storeName();
            assertThat(root.getName()).isEqualTo("backup");
            assertThat(isError(root)).isTrue();
            assertThat(attributes(root))
                    .containsEntry("vault", host)
                    .containsEntry("run", result.summary().path("snapshot").asString())
                    .containsEntry("execution", "1")
                    .containsEntry("status", "incomplete")
                    .containsEntry("reason", "incomplete")
                    .containsEntry("kinds", "certificate,key,secret")
                    .containsEntry("objects.backed_up", "29")
                    .containsEntry("objects.failed", "1");
            Span job = only(spans, child(root));
            assertThat(job.getName()).isEqualTo("job");
            Span inventory = only(spans, child(job).and(named("step inventory")));
            assertThat(spans.stream().filter(child(inventory)).map(TracesTest::page))
                    .containsExactlyInAnyOrder(
                            "list secrets page 1: 25",
                            "list secrets page 2: 5",
                            "list keys page 1: 0",
                            "list certificates page 1: 0");
            Span step = only(spans, child(job).and(named("step backup")));
            List<Span> objects = spans.stream().filter(child(step)).toList();
            assertThat(objects).hasSize(30).allMatch(named("back up secret"));
            assertThat(objects)
                    .allMatch(object -> "secret".equals(attributes(object).get("kind")));

            Span refused = only(objects, TracesTest::isError);
            assertThat(attributes(refused))
                    .containsEntry("reason", "role_missing")
                    .containsEntry("http.response.status_code", "403")
                    .hasEntrySatisfying("request_id", id -> assertThat(id).isNotEmpty());
            assertThat(spans.stream().filter(child(refused)).map(TracesTest::call))
                    .containsExactly("list versions 1", "backup 1");

            Span busy = only(objects, object -> !isError(object) && object.getEventsCount() > 0);
            assertThat(busy.getEventsList()).extracting(Span.Event::getName).containsExactly("retry: throttled");
            List<Span> calls = spans.stream().filter(child(busy)).toList();
            assertThat(calls)
                    .extracting(TracesTest::call)
                    .containsExactly("list versions 1", "backup 1", "backup 2", "upload 1");
            assertThat(attributes(only(calls, TracesTest::isError)))
                    .containsEntry("reason", "throttled")
                    .containsEntry("http.response.status_code", "429");

            assertThat(receiver.received().toString()).doesNotContain("canary", "app-password");
        }
    }

    @Test
    void whatIsSampledAndWhetherItHasNamesIsAsTold() throws IOException {
        try (OtlpReceiver<ExportTraceServiceRequest> receiver = receiver(200);
                KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("sampled");
            vault.secret("app-password");

            Bench bench = bench(emulator, receiver);
            Bench.Result nothing = bench.set("keyvault-backup.tracing.objects", "0")
                    .set("keyvault-backup.tracing.pages", "0")
                    .backUp(vault);

            assertThat(nothing.exitCode()).as(nothing.out() + nothing.err()).isZero();
            assertThat(spans(receiver))
                    .isNotEmpty()
                    .allMatch(span -> span.getName().matches("backup|job|step .*"));

            receiver.received().clear();
            Bench.Result named = bench.set("keyvault-backup.tracing.objects", "1")
                    .set("keyvault-backup.tracing.object-names", "true")
                    .set("keyvault-backup.tracing.service-name", "nightly")
                    .backUp(vault, "--full");

            assertThat(named.exitCode()).as(named.out() + named.err()).isZero();
            assertThat(service(receiver)).containsOnly("nightly");
            assertThat(attributes(only(spans(receiver), named("back up secret"))))
                    .containsEntry("object", "app-password");
        }
    }

    @Test
    void anExaminationARestoreAndADrillAreTracesOfTheirOwnThatTellHowTheyEnded() throws IOException {
        try (OtlpReceiver<ExportTraceServiceRequest> receiver = receiver(200);
                KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            // given
            EmulatedVault vault = emulator.vault("source");
            EmulatedVault target = emulator.vault("target");
            EmulatedVault scratch = emulator.vault("scratch");
            vault.secret("app-password");
            vault.secret("other-password");
            Bench bench = bench(emulator, receiver);
            assertThat(bench.backUp(vault).exitCode()).isZero();
            receiver.received().clear();
            String source = vault.uri().toString();
            String into = target.uri().toString();

            assertEnded(receiver, bench.run("verify", "--json", "--vault", source), "verify", vault, "whole");
            target.faults().on(Operation.RESTORE).times(1).forbid("ForbiddenByRbac");
            String[] restore = {"restore", "--json", "--from", source, "--to", into, "--yes"};
            assertEnded(receiver, bench.run(restore), "restore", target, "incomplete");
            String onto = scratch.uri().toString();
            assertEnded(
                    receiver,
                    bench.run("drill", "--json", "--from", source, "--to", onto, "--yes"),
                    "drill",
                    scratch,
                    "complete");

            removeOneCopy();
            assertEnded(receiver, bench.run("verify", "--json", "--vault", source), "verify", vault, "damaged");
        }
    }

    private void removeOneCopy() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            Path copy = files.filter(file -> file.toString().contains("/secret/"))
                    .filter(file ->
                            Files.isRegularFile(file) && !file.toString().endsWith(".meta"))
                    .findFirst()
                    .orElseThrow();
            Files.delete(copy);
        }
    }

    private static void assertEnded(
            OtlpReceiver<ExportTraceServiceRequest> receiver,
            Bench.Result result,
            String verb,
            EmulatedVault vault,
            String status) {
        boolean complete = List.of("whole", "complete").contains(status);
        assertThat(result.exitCode() == 0).as(result.out() + result.err()).isEqualTo(complete);
        assertThat(result.summary().path("status").asString()).isEqualToIgnoringCase(status);
        Span root = only(
                spans(receiver), named(verb).and(span -> span.getParentSpanId().isEmpty()));
        assertThat(attributes(root))
                .containsEntry("status", status)
                .containsEntry(
                        "vault", VaultAddress.parse(vault.uri().toString()).storeName());
        assertThat(isError(root)).isEqualTo(!complete);
        assertThat(attributes(root).get("reason")).isEqualTo(complete ? null : status);
        assertThat(spans(receiver)).as("of %s the root alone", verb).hasSize(1);
        receiver.received().clear();
    }

    @Test
    void aReceiverThatRefusesIsToldOnceAndHarmsNothing(CapturedOutput output) throws IOException {
        try (OtlpReceiver<ExportTraceServiceRequest> receiver = receiver(400);
                OtlpReceiver<io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest> metrics =
                        new OtlpReceiver<>(
                                "/v1/metrics",
                                io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest.parser(),
                                200);
                KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("refused");
            vault.secrets("app", 150);

            Bench.Result result = bench(emulator, receiver)
                    .set("keyvault-backup.tracing.objects", "1")
                    .set("keyvault-backup.metrics.otlp.endpoint", metrics.endpoint())
                    .backUp(vault);

            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            assertThat(receiver.received()).hasSizeGreaterThan(1);
            assertThat(output.getErr()).containsOnlyOnce(TOLD).contains("it answered 400");
            assertThat(metrics.received().getLast().toString())
                    .contains("keyvault.tracing.failures")
                    .doesNotContain("keyvault.trace.");
        }
    }

    @Test
    void aReceiverThatDoesNotAnswerCostsFiveSecondsAtTheEndAndNothingElse(CapturedOutput output) throws IOException {
        try (OtlpReceiver<ExportTraceServiceRequest> receiver = receiver(OtlpReceiver.SILENT);
                KeyVaultEmulator emulator = KeyVaultEmulator.start()) {
            EmulatedVault vault = emulator.vault("silent");
            vault.secrets("app", 1);
            long began = System.nanoTime();

            Bench.Result result = bench(emulator, receiver).backUp(vault);

            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            double run = result.summary().path("seconds").asDouble();
            assertThat(took.minusMillis(Math.round(run * 1000)))
                    .as("all but the run itself: a start, and the wait")
                    .isLessThan(SpansByOtlp.LIMIT.plusSeconds(15));
            assertThat(output.getErr()).containsOnlyOnce(TOLD);
        }
    }

    private Bench bench(KeyVaultEmulator emulator, OtlpReceiver<?> receiver) {
        return new Bench(directory, emulator)
                .with(FastTime.class)
                .set("keyvault-backup.tracing.endpoint", receiver.endpoint());
    }

    private static OtlpReceiver<ExportTraceServiceRequest> receiver(int status) throws IOException {
        return new OtlpReceiver<>("/v1/traces", ExportTraceServiceRequest.parser(), status);
    }

    private static List<Span> spans(OtlpReceiver<ExportTraceServiceRequest> receiver) {
        return receiver.received().stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .sorted((one, other) -> Long.compare(one.getStartTimeUnixNano(), other.getStartTimeUnixNano()))
                .toList();
    }

    private static List<String> service(OtlpReceiver<ExportTraceServiceRequest> receiver) {
        return receiver.received().stream()
                .flatMap(request -> request.getResourceSpansList().stream())
                .map(resource ->
                        attributes(resource.getResource().getAttributesList()).get("service.name"))
                .toList();
    }

    private static Span only(List<Span> spans, Predicate<Span> which) {
        List<Span> found = spans.stream().filter(which).toList();
        assertThat(found)
                .as("of " + spans.stream().map(Span::getName).collect(Collectors.joining(", ")))
                .hasSize(1);
        return found.getFirst();
    }

    private static Predicate<Span> child(Span parent) {
        return span -> span.getParentSpanId().equals(parent.getSpanId());
    }

    private static Predicate<Span> named(String name) {
        return span -> span.getName().equals(name);
    }

    private static boolean isError(Span span) {
        return span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR;
    }

    private static String page(Span span) {
        return span.getName() + " " + attributes(span).get("page") + ": "
                + attributes(span).get("objects");
    }

    private static String call(Span span) {
        return span.getName() + " " + attributes(span).get("attempt");
    }

    private static Map<String, String> attributes(Span span) {
        return attributes(span.getAttributesList());
    }

    private static Map<String, String> attributes(List<KeyValue> attributes) {
        Map<String, String> texts = new TreeMap<>();
        attributes.forEach(attribute -> texts.put(attribute.getKey(), text(attribute.getValue())));
        return texts;
    }

    private static String text(AnyValue value) {
        return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
    }
}
