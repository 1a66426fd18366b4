package io.keyvaultbackup.azure;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import org.jspecify.annotations.Nullable;

/** No answer came from a host, be it a vault, a store or the authority that gives out tokens. */
public final class ConnectionException extends FailureException {

    private static final long serialVersionUID = 1L;

    ConnectionException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
