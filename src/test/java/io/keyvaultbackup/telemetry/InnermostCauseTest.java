package io.keyvaultbackup.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is told of why something was not sent, and what is not. */
@ExtendWith(OutputCaptureExtension.class)
class InnermostCauseTest {

    private final RuntimeException talkative = new IllegalArgumentException("invalid header value: \"Bearer canary\"");

    @Test
    void aFailureOfInputOrOutputIsToldInItsOwnWords() {
        assertThat(InnermostCause.words(
                        new ExecutionException(new IOException("outer", new ConnectException("Connection refused")))))
                .isEqualTo("Connection refused");
        assertThat(InnermostCause.words(new ExecutionException(new ConnectException())))
                .isEqualTo("ConnectException");
    }

    @Test
    void ofAnythingElseOnlyWhatItIsIsTold() {
        assertThat(InnermostCause.words(new IOException("canary", talkative))).isEqualTo("IllegalArgumentException");
    }

    @Test
    void metricsThatCouldNotBeSentDoNotTellAHeadersValue(CapturedOutput output) {
        new OtlpSender(URI.create("http://127.0.0.1:1/v1/metrics"))
                .send(OtlpMetricsSender.Request.builder(new byte[0])
                        .headers(Map.of("authorization", "Bearer canary\u2026"))
                        .build());

        assertThat(output.getAll())
                .containsOnlyOnce("could not be sent to the receiver of OTLP http://127.0.0.1:1/v1/metrics:"
                        + " IllegalArgumentException.")
                .doesNotContain("canary");
    }

    @Test
    void tracesThatCouldNotBeSentDoNotTellAHeadersValue(CapturedOutput output) {
        SpanExporter failing = new SpanExporter() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                return CompletableResultCode.ofExceptionalFailure(talkative);
            }

            @Override
            public CompletableResultCode flush() {
                return CompletableResultCode.ofSuccess();
            }

            @Override
            public CompletableResultCode shutdown() {
                return CompletableResultCode.ofSuccess();
            }
        };

        new ToldExporter(failing, "http://collector", new SimpleMeterRegistry()).export(List.of());

        assertThat(output.getAll())
                .containsOnlyOnce(
                        "could not be sent to the receiver of OTLP http://collector:" + " IllegalArgumentException.")
                .doesNotContain("canary");
    }
}
