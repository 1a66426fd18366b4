package io.keyvaultbackup.telemetry;

import java.io.IOException;

/** What an exception that hides others comes from, in words for people. Stateless. */
public final class InnermostCause {

    private InnermostCause() {}

    /**
     * The message of the innermost cause where that is a failure of input or output that has one, else the simple name of its class: the message of whatever
     * else is wrong may repeat what was to be sent, such as the value of a header.
     */
    public static String words(Throwable failed) {
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause instanceof IOException ? cause.getMessage() : null;
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
