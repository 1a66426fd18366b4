package io.keyvaultbackup.store;

import io.keyvaultbackup.vault.Failure;
import org.jspecify.annotations.Nullable;

/** A store did not do what it was asked; {@link #failure()} says why. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public StoreException(Failure failure, @Nullable Throwable cause) {
        super(failure.describe(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
