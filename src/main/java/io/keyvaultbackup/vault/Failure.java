package io.keyvaultbackup.vault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One failure, for people: the reason, and the service's own words.
 *
 * @param status the HTTP status, or 0 where there was no answer
 * @param code the service's code, the innermost one, where it sent one
 * @param message the service's own message, or what the transport said
 * @param requestId what Microsoft's support asks for, where the answer had one
 * @param retryAfter how long the service asked to be left alone, where it did
 */
public record Failure(
        FailureReason reason,
        int status,
        @Nullable String code,
        String message,
        @Nullable String requestId,
        @Nullable Duration retryAfter) {

    private static final int LONGEST_CODE = 200;
    private static final int LONGEST_MESSAGE = 4_000;

    /** Whatever a service, or who answers in its place, says is kept in bounds: it goes into a database, a manifest, a terminal. */
    public Failure {
        code = code == null ? null : ForeignText.bounded(code, LONGEST_CODE);
        message = ForeignText.bounded(message, LONGEST_MESSAGE);
        requestId = requestId == null ? null : ForeignText.bounded(requestId, LONGEST_CODE);
    }

    /** A failure that no service spoke of. */
    public static Failure of(FailureReason reason, String message) {
        return new Failure(reason, 0, null, message, null, null);
    }

    /** Whether a call that changes something may have done so all the same: what came back, if anything did, does not say. */
    public boolean mayHaveHappened() {
        return switch (reason) {
            case TIMED_OUT, UNAVAILABLE, CORRUPT_ANSWER, UNKNOWN -> true;
            case NETWORK -> !message.startsWith("cannot connect to ") && !message.endsWith(" cannot be resolved");
            default -> false;
        };
    }

    /** The same failure, understood better. */
    public Failure withReason(FailureReason better) {
        return new Failure(better, status, code, message, requestId, retryAfter);
    }

    /** The same failure, with more said of it. */
    public Failure withMessage(String more) {
        return new Failure(reason, status, code, more, requestId, retryAfter);
    }

    /** In one line: {@code 403 ForbiddenByRbac: Caller is not authorized … (request id 1f…)}. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        if (status != 0) {
            text.append(status).append(' ');
        }
        if (code != null) {
            text.append(code).append(": ");
        }
        text.append(message);
        if (requestId != null) {
            text.append(" (request id ").append(requestId).append(')');
        }
        return text.toString();
    }
}
