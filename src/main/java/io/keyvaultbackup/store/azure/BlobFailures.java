package io.keyvaultbackup.store.azure;

import com.azure.core.exception.UnexpectedLengthException;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobStorageException;
import io.keyvaultbackup.azure.ConnectionFailures;
import io.keyvaultbackup.azure.IdentityFailures;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an exception of the Blob SDK means. That no answer came from the store is a failure of the store, told with its host: what helps
 * where a vault does not answer is not what helps here. Safe for use by many threads.
 */
final class BlobFailures {

    private final String host;

    /** @param container of the store that is asked */
    BlobFailures(BlobContainerClient container) {
        URI url = URI.create(AccountInHost.withoutStandIn(container.getBlobContainerUrl()));
        this.host = url.getHost()
                + (url.getPort() < 0 ? "" : ":" + url.getPort()); // no user, who may be named with a password
    }

    <T> T calling(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException failed) {
            throw of(failed);
        }
    }

    /** With no signature in its message, whoever's words that has: transports tell the whole address, of which a SAS token is a part. */
    StoreException of(RuntimeException failed) {
        Failure known = failure(failed);
        return new StoreException(known.withMessage(ServiceAnswer.withoutSignature(known.message())), failed);
    }

    private Failure failure(RuntimeException failed) {
        Failure noToken = IdentityFailures.understand(failed);
        if (noToken != null) {
            return IdentityFailures.isOfTheIdentity(failed) ? noToken : ofTheStore(noToken, failed);
        }
        for (Throwable cause : causes(failed)) {
            switch (cause) {
                case BlobStorageException answered -> {
                    return ServiceAnswer.of(answered.getResponse(), answered.getMessage())
                            .failure();
                }
                case BusyAnswers.BusyException busy -> {
                    return busy.answer().failure();
                }
                case UnexpectedLengthException changed -> {
                    return Failure.of(
                            FailureReason.UNKNOWN, "the bytes changed while they were sent (" + words(changed) + ")");
                }
                case InterruptedException stopped -> {
                    Thread.currentThread().interrupt();
                    return Failure.of(
                            FailureReason.STORE_UNAVAILABLE, "interrupted while waiting (" + words(stopped) + ")");
                }
                default -> {}
            }
        }
        @Nullable Failure noAnswer = ConnectionFailures.understand(failed, host);
        return noAnswer == null
                ? Failure.of(FailureReason.UNKNOWN, "the Blob SDK failed (" + words(failed) + ")")
                : ofTheStore(noAnswer, failed);
    }

    /** Certificates and proxies are the same trouble wherever they are met. */
    private Failure ofTheStore(Failure noAnswer, RuntimeException failed) {
        return switch (noAnswer.reason()) {
            case TIMED_OUT -> noAnswer.withReason(FailureReason.STORE_UNAVAILABLE);
            case NETWORK ->
                isNameUnknown(failed)
                        ? noAnswer.withReason(FailureReason.STORE_HOST_UNKNOWN)
                        : noAnswer.withReason(FailureReason.STORE_UNAVAILABLE)
                                .withMessage(
                                        noAnswer.message().contains(host)
                                                ? noAnswer.message()
                                                : "the connection to " + host + " failed: " + noAnswer.message());
            default -> noAnswer;
        };
    }

    private static boolean isNameUnknown(RuntimeException failed) {
        return causes(failed).stream()
                .anyMatch(
                        cause -> cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException);
    }

    private static String words(Throwable cause) {
        String said = ServiceAnswer.firstLine(cause.getMessage());
        return cause.getClass().getSimpleName() + (said.isEmpty() ? "" : ": " + said);
    }

    /** The exception and its causes, outermost first; reactor and the SDK wrap what happened several times. */
    private static List<Throwable> causes(Throwable failed) {
        return Stream.<Throwable>iterate(failed, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .toList();
    }
}
