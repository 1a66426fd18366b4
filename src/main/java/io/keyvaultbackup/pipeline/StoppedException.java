package io.keyvaultbackup.pipeline;

/** A stop was given, and what was asked for was not begun or has not ended in time. */
public final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StoppedException() {
        super("a stop was asked for");
    }
}
