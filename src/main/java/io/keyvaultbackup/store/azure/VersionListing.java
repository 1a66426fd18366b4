package io.keyvaultbackup.store.azure;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://learn.microsoft.com/rest/api/storageservices/list-blobs">List Blobs</a> with {@code include=versions}: a version id is told only
 * so, and {@code IsCurrentVersion} only of the current one. An account without versioning answers with blobs that have no id; one with a
 * hierarchical namespace, which cannot have versions, refuses, and is listed without. For one thread.
 */
final class VersionListing {

    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;

    private final BlobContainerClient container;
    private final BlobFailures failures;
    private final @Nullable Integer pageSize;
    private final BlobListDetails details;

    /** @param details what is to be told of each, besides */
    VersionListing(BlobContainerClient container, @Nullable Integer pageSize, BlobListDetails details) {
        this.container = container;
        this.failures = new BlobFailures(container);
        this.pageSize = pageSize;
        this.details = details;
    }

    /** Metadata, and what keeps each version from being removed. */
    static BlobListDetails everything() {
        return new BlobListDetails()
                .setRetrieveMetadata(true)
                .setRetrieveImmutabilityPolicy(true)
                .setRetrieveLegalHold(true);
    }

    Stream<BlobVersion> list(String prefix) {
        Iterator<BlobItem> items;
        try {
            items = begin(prefix, true);
        } catch (StoreException refused) {
            if (!isForLackOfThem(refused)) {
                throw refused;
            }
            details.setRetrieveImmutabilityPolicy(false).setRetrieveLegalHold(false);
            items = begin(prefix, false);
        }
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        new InOrder(items, failures), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    /** Whether the service may have answered so because it has no such version, or none at all; "404" is of the blob, then. */
    static boolean isForLackOfThem(StoreException refused) {
        Failure failure = refused.failure();
        return failure.reason() == FailureReason.NOT_FOUND
                || (failure.reason() == FailureReason.REFUSED
                        && (failure.status() == BAD_REQUEST || failure.status() == CONFLICT));
    }

    private Iterator<BlobItem> begin(String prefix, boolean versions) {
        ListBlobsOptions options = new ListBlobsOptions()
                .setMaxResultsPerPage(pageSize)
                .setPrefix(prefix)
                .setDetails(details.setRetrieveVersions(versions));
        Iterator<BlobItem> items =
                failures.calling(() -> container.listBlobs(options, null).iterator());
        failures.calling(items::hasNext);
        return items;
    }

    /** What is told of a blob in a listing, its protection where that was asked for. */
    static StoredBlob blob(BlobItem item) {
        BlobItemProperties properties = item.getProperties();
        @Nullable Map<String, String> metadata = item.getMetadata();
        return new StoredBlob(
                item.getName(),
                properties.getContentLength(),
                item.getVersionId(),
                metadata == null ? Map.of() : metadata,
                protection(properties.getImmutabilityPolicy(), properties.hasLegalHold()));
    }

    static Protection protection(@Nullable BlobImmutabilityPolicy policy, @Nullable Boolean legalHold) {
        return policy == null || policy.getExpiryTime() == null
                ? new Protection(null, Boolean.TRUE.equals(legalHold))
                : new Protection(policy.getExpiryTime().toInstant(), Boolean.TRUE.equals(legalHold));
    }

    /** The versions of one name, which are few, are sorted; in which order the service has them is not documented. */
    private static final class InOrder implements Iterator<BlobVersion> {

        private final Iterator<BlobItem> items;
        private final BlobFailures failures;
        private Iterator<BlobVersion> ofOneName = List.<BlobVersion>of().iterator();
        private @Nullable BlobVersion ahead;

        InOrder(Iterator<BlobItem> items, BlobFailures failures) {
            this.items = items;
            this.failures = failures;
        }

        @Override
        public boolean hasNext() {
            return ofOneName.hasNext() || ahead != null || failures.calling(items::hasNext);
        }

        @Override
        public BlobVersion next() {
            if (!ofOneName.hasNext()) {
                List<BlobVersion> versions = new ArrayList<>();
                versions.add(ahead == null ? read() : ahead);
                ahead = null;
                while (ahead == null && failures.calling(items::hasNext)) {
                    BlobVersion read = read();
                    if (read.name().equals(versions.getFirst().name())) {
                        versions.add(read);
                    } else {
                        ahead = read;
                    }
                }
                versions.sort(BlobVersion.IN_ORDER);
                ofOneName = versions.iterator();
            }
            return ofOneName.next();
        }

        private BlobVersion read() {
            BlobItem item = failures.calling(items::next);
            boolean current = item.getVersionId() == null || Boolean.TRUE.equals(item.isCurrentVersion());
            return new BlobVersion(blob(item), current);
        }
    }
}
