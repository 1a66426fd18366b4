package io.keyvaultbackup.vault;

/** A call to a vault did not succeed; {@link #failure()} says why. */
public final class VaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public VaultException(Failure failure, Throwable cause) {
        super(failure.describe(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
