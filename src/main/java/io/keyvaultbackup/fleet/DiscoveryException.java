package io.keyvaultbackup.fleet;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import org.jspecify.annotations.Nullable;

/** Azure was asked which vaults there are, and did not tell. */
public final class DiscoveryException extends FailureException {

    private static final long serialVersionUID = 1L;

    public DiscoveryException(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
