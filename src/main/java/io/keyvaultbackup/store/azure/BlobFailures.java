package io.keyvaultbackup.store.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.UnexpectedLengthException;
import com.azure.core.http.HttpResponse;
import com.azure.storage.blob.models.BlobStorageException;
import io.keyvaultbackup.azure.IdentityFailures;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an exception of the Blob SDK means. Stateless. */
final class BlobFailures {

    private BlobFailures() {}

    static StoreException of(RuntimeException failed) {
        return new StoreException(failure(failed), failed);
    }

    private static Failure failure(RuntimeException failed) {
        Failure noToken = IdentityFailures.understand(failed);
        if (noToken != null) {
            return noToken.reason() == FailureReason.NETWORK && isStoresNameUnknown(failed)
                    ? noToken.withReason(FailureReason.STORE_HOST_UNKNOWN)
                    : noToken;
        }
        List<Throwable> causes = causes(failed);
        for (Throwable cause : causes) {
            switch (cause) {
                case BlobStorageException answered -> {
                    return ServiceAnswer.of(answered.getResponse(), answered.getMessage())
                            .failure();
                }
                case ClientAuthenticationException refused -> {
                    return notAuthenticated(refused.getResponse(), refused.getMessage());
                }
                case UnexpectedLengthException changed -> {
                    return failure(FailureReason.UNKNOWN, "the bytes changed while they were sent", changed);
                }
                case HttpTimeoutException late -> {
                    return failure(FailureReason.TIMED_OUT, "no answer in time", late);
                }
                case TimeoutException late -> {
                    return failure(FailureReason.TIMED_OUT, "no answer in time", late);
                }
                case IOException broken -> {
                    return failure(FailureReason.NETWORK, "the connection failed", broken);
                }
                case InterruptedException stopped -> {
                    Thread.currentThread().interrupt();
                    return failure(FailureReason.STORE_UNAVAILABLE, "interrupted while waiting", stopped);
                }
                default -> {}
            }
        }
        return failure(FailureReason.UNKNOWN, "the Blob SDK failed", failed);
    }

    /** Where it is not the authority's name, which is asked for on the way to a store too. */
    private static boolean isStoresNameUnknown(RuntimeException failed) {
        return !IdentityFailures.isOfTheIdentity(failed)
                && causes(failed).stream()
                        .anyMatch(cause ->
                                cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException);
    }

    private static Failure notAuthenticated(@Nullable HttpResponse response, @Nullable String message) {
        int status = response == null ? 0 : response.getStatusCode();
        return new Failure(FailureReason.NOT_AUTHENTICATED, status, null, ServiceAnswer.firstLine(message), null, null);
    }

    private static Failure failure(FailureReason reason, String what, Throwable cause) {
        String said = ServiceAnswer.firstLine(cause.getMessage());
        String name = cause.getClass().getSimpleName();
        return Failure.of(reason, what + " (" + name + (said.isEmpty() ? "" : ": " + said) + ")");
    }

    /** The exception and its causes, outermost first; reactor and the SDK wrap what happened several times. */
    private static List<Throwable> causes(Throwable failed) {
        return Stream.<Throwable>iterate(failed, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .toList();
    }
}
