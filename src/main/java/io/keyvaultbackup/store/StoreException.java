package io.keyvaultbackup.store;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import org.jspecify.annotations.Nullable;

/** A store did not do what it was asked. */
public final class StoreException extends FailureException {

    private static final long serialVersionUID = 1L;

    public StoreException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
