package io.keyvaultbackup.dashboard.api;

import io.keyvaultbackup.dashboard.view.Cursor;
import io.keyvaultbackup.dashboard.view.Reading;
import org.springframework.http.HttpStatus;

/** Ends a request of the API with a problem, in words for people. */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String advice;

    private Problem(HttpStatus status, String what, String advice) {
        super(what);
        this.status = status;
        this.advice = advice;
    }

    static Problem wrong(String parameter, String what) {
        return new Problem(HttpStatus.BAD_REQUEST, parameter + ": " + what, "Correct " + parameter + ".");
    }

    static Problem wrongCursor() {
        return wrong("cursor", Cursor.ADVICE);
    }

    static Problem unknown(String what) {
        return new Problem(
                HttpStatus.NOT_FOUND, what, "It may be mistyped, not known, or nothing that this caller may see.");
    }

    static Problem tooManyFeeds() {
        return new Problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "So many look at runs already that nobody more can be told of one, or the dashboard is about to end.",
                "Try again in a minute, or ask for the run itself now and then.");
    }

    /** What a source told, or a problem if it did not. */
    static <T> T orMissing(Reading<T> reading) {
        return switch (reading) {
            case Reading.Known<T>(T value) -> value;
            case Reading.Missing<T>(String why, String advice) ->
                throw new Problem(HttpStatus.SERVICE_UNAVAILABLE, why, advice);
            case Reading.Awaited<T> awaited ->
                throw new Problem(HttpStatus.SERVICE_UNAVAILABLE, "It is still being read.", "Try again in a moment.");
        };
    }

    HttpStatus status() {
        return status;
    }

    String what() {
        return String.valueOf(getMessage());
    }

    String advice() {
        return advice;
    }
}
