package io.keyvaultbackup.emulator;

/** Ends the work on a request with an error of the service. */
final class ServiceException extends RuntimeException {

    private final transient ServiceError error;

    ServiceException(ServiceError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ServiceError error() {
        return error;
    }
}
