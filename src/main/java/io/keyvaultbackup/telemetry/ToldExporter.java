package io.keyvaultbackup.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends spans by another; that it could not is told once, counted each time, and harms nothing. */
final class ToldExporter implements SpanExporter {

    private static final Logger LOG = LoggerFactory.getLogger(ToldExporter.class);

    private final SpanExporter exporter;
    private final String where;
    private final MeterRegistry registry;
    private final AtomicBoolean told = new AtomicBoolean();

    /** @param where shown to people */
    ToldExporter(SpanExporter exporter, String where, MeterRegistry registry) {
        this.exporter = exporter;
        this.where = where;
        this.registry = registry;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode sent = exporter.export(spans);
        return sent.whenComplete(() -> {
            if (!sent.isSuccess()) {
                failed(why(sent.getFailureThrowable()));
            }
        });
    }

    /** Some were not sent. */
    void failed(String why) {
        registry.counter("keyvault.tracing.failures").increment();
        if (told.compareAndSet(false, true)) {
            LOG.warn(
                    "Traces could not be sent to the receiver of OTLP {}: {}. The job is as good as it would be without; see"
                            + " keyvault-backup.tracing.",
                    where,
                    why);
        }
    }

    /** What it answered beside the status is left out: a proxy's page may repeat what was sent. */
    private static String why(@Nullable Throwable failed) {
        if (failed instanceof HttpExportException http && http.getResponse() != null) {
            return "it answered " + http.getResponse().getStatusCode();
        }
        return failed == null ? "it did not take them" : InnermostCause.words(failed);
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
