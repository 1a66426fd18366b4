package io.keyvaultbackup.run;

import java.util.List;

/** A run was not started; the message says why and what to do, for people. */
public final class RunRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What stands in the way. */
    public enum Cause {
        /** The configuration, or the request, is wrong. */
        WRONG_USAGE,
        /** The store, or what was named in it, is not there. */
        STORE_NOT_FOUND,
        /** What was to be used is not as it was written. */
        DAMAGED,
        /** Another execution of this run has not ended. */
        HELD,
        /** A stop was given before it began. */
        STOPPED
    }

    private final Cause why;

    public RunRefusedException(Cause why, String message) {
        super(message);
        this.why = why;
    }

    /** All that is wrong with the configuration, at once. */
    public static RunRefusedException wrongConfiguration(List<String> problems) {
        return new RunRefusedException(Cause.WRONG_USAGE, String.join(System.lineSeparator(), problems));
    }

    public Cause why() {
        return why;
    }
}
