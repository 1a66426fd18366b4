package io.keyvaultbackup.telemetry;

import io.keyvaultbackup.vault.Failure;
import org.slf4j.MDC;

/** What log lines have beside their text, where they are JSON: of what they are. Whoever begins work in a thread puts it there, and takes it away. */
public final class LogFields {

    /** The vault's host, as in the tag of meters. */
    public static final String VAULT = "vault";

    /** The snapshot's id, or that of whatever else is done about the vault. */
    public static final String RUN = "run";

    public static final String OBJECT_KIND = "object_kind";

    /** The same in all lines of one execution: the id of its trace if it has one, else its own. */
    public static final String CORRELATION = "correlation_id";

    /** What Microsoft's support asks for, of the call that the line tells of. */
    public static final String REQUEST = "request_id";

    private LogFields() {}

    /** Logs something of a failure, with the request that the service knows it by, if there is one. */
    public static void ofFailure(Failure failure, Runnable log) {
        if (failure.requestId() == null) {
            log.run();
            return;
        }
        try (var _ = MDC.putCloseable(REQUEST, failure.requestId())) {
            log.run();
        }
    }
}
