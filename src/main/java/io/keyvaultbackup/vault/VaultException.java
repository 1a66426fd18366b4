package io.keyvaultbackup.vault;

import org.jspecify.annotations.Nullable;

/** A call to a vault did not succeed. */
public final class VaultException extends FailureException {

    private static final long serialVersionUID = 1L;

    public VaultException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
