package io.keyvaultbackup.backup;

/** A stop was given, and what was asked for was not begun or has not ended in time. */
final class StoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoppedException() {
        super("a stop was asked for");
    }
}
