package io.keyvaultbackup.telemetry;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import java.util.Objects;

/**
 * Makes spans of what is observed: of executions, Spring Batch's jobs and steps, pages, objects and calls. Of the rest, Spring Batch's items and chunks, there
 * would be thousands in a trace.
 */
final class SpanHandler extends DefaultTracingObservationHandler implements AutoCloseable {

    private static final String JOB = "spring.batch.job";
    private static final String STEP = "spring.batch.step";

    private final Runnable send;

    /** @param send sends what is not sent yet, when it is closed */
    SpanHandler(Tracer tracer, Runnable send) {
        super(tracer);
        this.send = send;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        String name = String.valueOf(context.getName());
        return name.startsWith(Traces.PREFIX) || name.equals(JOB) || name.equals(STEP);
    }

    @Override
    public void onStart(Observation.Context context) {
        super.onStart(context);
        context.put(Traces.TRACE, getRequiredSpan(context).context().traceId());
    }

    @Override
    public String getSpanName(Observation.Context context) {
        return switch (String.valueOf(context.getName())) {
            case JOB -> "job";
            case STEP -> {
                KeyValue step = context.getLowCardinalityKeyValue(STEP + ".name");
                yield step == null ? "step" : "step " + step.getValue();
            }
            default -> super.getSpanName(context);
        };
    }

    @Override
    public void onError(Observation.Context context) {
        TracedFailure failure = TracedFailure.of(Objects.requireNonNull(context.getError()));
        Span span = getRequiredSpan(context);
        span.tag("reason", String.valueOf(failure.getMessage()));
        if (failure.status() != 0) {
            span.tag("http.response.status_code", failure.status());
        }
        if (!failure.request().isEmpty()) {
            span.tag("request_id", failure.request());
        }
        span.error(failure);
    }

    @Override
    public void close() {
        send.run();
    }
}
