package io.keyvaultbackup.dashboard.request;

/** Nobody will do what was asked for; the message says why and what to do, for people. */
public final class LaunchFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LaunchFailedException(String message) {
        super(message);
    }

    LaunchFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
