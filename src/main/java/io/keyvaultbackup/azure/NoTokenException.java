package io.keyvaultbackup.azure;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;

/** There is no token to be had. */
public final class NoTokenException extends FailureException {

    NoTokenException(Failure failure, Throwable cause) {
        super(failure, cause);
    }
}
