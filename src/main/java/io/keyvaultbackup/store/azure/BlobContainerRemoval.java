package io.keyvaultbackup.store.azure;

import com.azure.core.http.rest.Response;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes blobs out of a container: by their version where the account keeps versions, since a removal by name only hides the bytes there.
 * Each call is one request; what was removed by a try whose answer was lost is not there any more at the next one, which counts as removed.
 * Safe for use by many threads.
 */
public final class BlobContainerRemoval implements BlobRemoval {

    /** What the service says to a removal by version of the version that the name shows: that one has to be hidden first. */
    static final String SHOWN_BY_THE_NAME = "OperationNotAllowedOnRootBlob";

    private final BlobContainerClient container;
    private final BlobFailures failures;
    private final InstantSource clock;

    public BlobContainerRemoval(BlobContainerClient container) {
        this(container, InstantSource.system());
    }

    /** @param clock tells what is protected still, so that its removal need not be asked for */
    public BlobContainerRemoval(BlobContainerClient container, InstantSource clock) {
        this.container = container;
        this.failures = new BlobFailures(container);
        this.clock = clock;
    }

    @Override
    public Stream<StoredBlob> list(String prefix) {
        return new VersionListing(container, null, VersionListing.everything())
                .list(prefix)
                .map(BlobVersion::blob);
    }

    /**
     * The version that the name shows cannot be removed by its id: the service answers 403 {@code OperationNotAllowedOnRootBlob} (seen in
     * <a href="https://github.com/Azure/azure-sdk-for-java/pull/48716">the SDK's tests</a>; not documented). Deleting the name makes it a
     * <a href="https://learn.microsoft.com/azure/storage/blobs/versioning-overview">previous version</a>, also where that is protected, so it is
     * looked at before: nothing is hidden that cannot be removed then, nor what came under the name meanwhile ({@code If-Match}). Where a crash
     * comes between the two, the next listing has the version still. With blob soft delete the service keeps it for its retention.
     */
    @Override
    public void remove(StoredBlob blob, Runnable goOn) {
        requireUnprotected(blob.name(), blob.protection(), clock.instant());
        BlobClient named = container.getBlobClient(BlobName.check(blob.name()));
        if (blob.version() == null) {
            delete(named, null, goOn);
            return;
        }
        BlobClient version = named.getVersionClient(blob.version());
        try {
            delete(version, null, goOn);
        } catch (StoreException refused) {
            if (!SHOWN_BY_THE_NAME.equals(refused.failure().code())) {
                throw refused;
            }
            Response<BlobProperties> answer =
                    failures.calling(() -> version.getPropertiesWithResponse(null, null, Context.NONE));
            BlobProperties shown = answer.getValue();
            // By the service's clock: one here that is ahead would hide what cannot be removed.
            requireUnprotected(
                    blob.name(),
                    VersionListing.protection(shown.getImmutabilityPolicy(), shown.hasLegalHold()),
                    Objects.requireNonNullElseGet(ServiceAnswer.time(answer.getHeaders()), clock::instant));
            delete(named, shown.getETag(), goOn);
            delete(version, null, goOn);
        }
    }

    private static void requireUnprotected(String name, Protection protection, Instant now) {
        if (protection.isInForce(now)) {
            throw new StoreException(
                    Failure.of(
                            FailureReason.STORE_IMMUTABLE,
                            name
                                    + (protection.legalHold()
                                            ? " has a legal hold"
                                            : " is immutable until " + protection.until())),
                    null);
        }
    }

    /** @param etag of the bytes that are meant, or null for whatever is there */
    private void delete(BlobClient blob, @Nullable String etag, Runnable goOn) {
        goOn.run();
        try {
            blob.deleteWithResponse(null, new BlobRequestConditions().setIfMatch(etag), null, Context.NONE);
        } catch (RuntimeException failed) {
            StoreException known = failures.of(failed);
            if (known.failure().reason() != FailureReason.NOT_FOUND) {
                throw known;
            }
        }
    }
}
