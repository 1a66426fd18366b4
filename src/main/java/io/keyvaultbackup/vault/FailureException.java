package io.keyvaultbackup.vault;

import org.jspecify.annotations.Nullable;

/** Something was asked of a service and it did not do it; {@link #failure()} says why, for people. */
public abstract class FailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    protected FailureException(Failure failure, @Nullable Throwable cause) {
        super(failure.describe(), cause);
        this.failure = failure;
    }

    public final Failure failure() {
        return failure;
    }
}
