package io.keyvaultbackup.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Puts together OpenTelemetry's own parts: spans are sent in batches each second, those beyond a queue are let go, and the last are waited for {@linkplain #LIMIT so long}. */
final class SpansByOtlp {

    static final Duration LIMIT = Duration.ofSeconds(5);

    private SpansByOtlp() {}

    static SpanHandler handler(TracingProperties properties, MeterRegistry registry) {
        String endpoint = Objects.requireNonNull(properties.endpoint());
        OtlpHttpSpanExporter otlp = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint)
                .setHeaders(properties::headers)
                .setCompression("gzip")
                .setConnectTimeout(LIMIT)
                .setTimeout(LIMIT)
                .build();
        ToldExporter exporter = new ToldExporter(otlp, HttpReceivers.shown(endpoint), registry);
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(resource(properties))))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(Duration.ofSeconds(1))
                        .setExporterTimeout(LIMIT)
                        .build())
                .build();
        Tracer tracer = new OtelTracer(provider.get("io.keyvaultbackup"), new OtelCurrentTraceContext(), event -> {});
        return new SpanHandler(tracer, () -> end(provider, exporter));
    }

    private static void end(SdkTracerProvider provider, ToldExporter exporter) {
        CompletableResultCode ended = provider.shutdown().join(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended.isDone()) {
            exporter.failed("it did not answer within " + LIMIT.toSeconds() + " s");
        }
    }

    private static Attributes resource(TracingProperties properties) {
        AttributesBuilder attributes = Attributes.builder();
        OtlpConfiguration.resourceAttributes().forEach(attributes::put);
        if (properties.serviceName() != null) {
            attributes.put(OtlpConfiguration.SERVICE, properties.serviceName());
        }
        return attributes.build();
    }
}
