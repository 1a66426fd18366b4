package io.keyvaultbackup.store.azure;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobContainerProperties;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.keyvaultbackup.store.SeenProtection;
import org.jspecify.annotations.Nullable;

/**
 * What of a container's protection can be seen by reading alone: its properties, which need {@code containers/read}, and whether a blob that is listed has
 * a version's id. Whether this identity could end any of it is for {@link BlobContainerExamination} to try.
 */
final class ContainerLook {

    private final BlobContainerClient container;
    private final BlobFailures failures;
    private final String location;

    ContainerLook(BlobContainerClient container) {
        this.container = container;
        this.failures = new BlobFailures(container);
        this.location = new BlobContainerStore(container).location();
    }

    SeenProtection look() {
        @Nullable Boolean versions = null;
        @Nullable Boolean immutable = null;
        @Nullable Boolean publicAccess = null;
        @Nullable String unknown = null;
        try {
            versions = keepsVersions();
            if (versions == null) {
                unknown = "the container is empty, so whether it keeps versions is not seen";
            }
        } catch (RuntimeException failed) {
            unknown = failures.of(failed).failure().describe();
        }
        try {
            BlobContainerProperties properties = container.getProperties();
            immutable = properties.hasImmutabilityPolicy()
                    || properties.hasLegalHold()
                    || Boolean.TRUE.equals(properties.isImmutableStorageWithVersioningEnabled());
            publicAccess = properties.getBlobPublicAccess() != null;
        } catch (RuntimeException failed) {
            unknown = failures.of(failed).failure().describe();
        }
        return new SeenProtection(location, immutable, versions, publicAccess, unknown);
    }

    /** Null if there is no blob to see it by. */
    private @Nullable Boolean keepsVersions() {
        ListBlobsOptions one = new ListBlobsOptions()
                .setMaxResultsPerPage(1)
                .setDetails(new BlobListDetails().setRetrieveVersions(true));
        for (BlobItem blob : container.listBlobs(one, null)) {
            return blob.getVersionId() != null;
        }
        return null;
    }
}
