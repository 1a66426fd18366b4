package io.keyvaultbackup.dashboard.request;

import org.springframework.http.HttpStatus;

/** What somebody wants is not asked for, or cannot be told: what happened and what to do now, for people. */
public final class NotAskedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String advice;

    NotAskedException(HttpStatus status, String what, String advice) {
        super(what);
        this.status = status;
        this.advice = advice;
    }

    public HttpStatus status() {
        return status;
    }

    public String what() {
        return String.valueOf(getMessage());
    }

    public String advice() {
        return advice;
    }
}
