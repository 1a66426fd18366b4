package io.keyvaultbackup.telemetry;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;

/** What a span tells of a failure: never the service's words, or an exception's, which may have the names of objects, or worse. */
final class TracedFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient int status;
    private final transient String request;

    TracedFailure(Failure failure) {
        this(Traces.word(failure.reason()), failure.status(), failure.requestId() == null ? "" : failure.requestId());
    }

    /** @param reason a name of ours */
    TracedFailure(Enum<?> reason) {
        this(Traces.word(reason), 0, "");
    }

    private TracedFailure(String reason, int status, String request) {
        super(reason, null, false, false);
        this.status = status;
        this.request = request;
    }

    static TracedFailure of(Throwable thrown) {
        return switch (thrown) {
            case TracedFailure traced -> traced;
            case FailureException failed -> new TracedFailure(failed.failure());
            default -> new TracedFailure(thrown.getClass().getSimpleName(), 0, "");
        };
    }

    /** HTTP's, or 0 where there was no answer. */
    int status() {
        return status;
    }

    /** What the service calls the request, or empty. */
    String request() {
        return request;
    }
}
