package io.keyvaultbackup.ledger;

/** The job database is not one that this program may work with. */
final class DatabaseRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient DatabaseFailure failure;

    DatabaseRefusedException(DatabaseFailure failure) {
        super(failure.what());
        this.failure = failure;
    }

    DatabaseFailure failure() {
        return failure;
    }
}
