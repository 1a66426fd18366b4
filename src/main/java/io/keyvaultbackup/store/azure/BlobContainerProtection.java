package io.keyvaultbackup.store.azure;

import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.BlobProtection;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.ProtectionMode;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Extends retentions by
 * <a href="https://learn.microsoft.com/rest/api/storageservices/set-blob-immutability-policy">Set Blob Immutability Policy</a>, which needs
 * {@code immutableStorage/runAsSuperUser/action}. It would shorten one that is not locked as willingly, so each blob is looked at just before. A
 * locked one stays locked. Safe for use by many threads.
 */
final class BlobContainerProtection implements BlobProtection {

    private final BlobContainerClient container;
    private final BlobFailures failures;
    private final ProtectionMode mode;

    /** @param mode of the retention of a blob that has none */
    BlobContainerProtection(BlobContainerClient container, ProtectionMode mode) {
        this.container = container;
        this.failures = new BlobFailures(container);
        this.mode = mode;
    }

    @Override
    public Instant now(String vault) {
        ListBlobsOptions one = new ListBlobsOptions().setPrefix(vault + "/").setMaxResultsPerPage(1);
        @Nullable
        Instant now = ServiceAnswer.time(failures.calling(() -> container
                .listBlobs(one, null)
                .iterableByPage()
                .iterator()
                .next()
                .getHeaders()));
        if (now == null) {
            throw new StoreException(
                    Failure.of(
                            FailureReason.STORE_UNAVAILABLE,
                            "the store's answer does not tell what time it is there (Date)"),
                    null);
        }
        return now;
    }

    @Override
    public Stream<BlobVersion> list(String prefix) {
        return new VersionListing(container, null, VersionListing.everything()).list(prefix);
    }

    @Override
    public boolean extend(StoredBlob blob, Instant until, Runnable goOn) {
        BlobClient named = container.getBlobClient(BlobName.check(blob.name()));
        BlobClient exact = blob.version() == null ? named : named.getVersionClient(blob.version());
        BlobProperties now = failures.calling(exact::getProperties);
        @Nullable BlobImmutabilityPolicy policy = now.getImmutabilityPolicy();
        @Nullable Instant before = VersionListing.protection(policy, null).until();
        if (before != null && !before.isBefore(until.truncatedTo(ChronoUnit.SECONDS))) {
            return false;
        }
        boolean locked = before == null
                ? mode == ProtectionMode.LOCKED
                : policy != null && BlobImmutabilityPolicyMode.LOCKED.equals(policy.getPolicyMode());
        goOn.run();
        failures.calling(() -> exact.setImmutabilityPolicyWithResponse(
                new BlobImmutabilityPolicy()
                        .setExpiryTime(until.atOffset(ZoneOffset.UTC))
                        .setPolicyMode(
                                locked ? BlobImmutabilityPolicyMode.LOCKED : BlobImmutabilityPolicyMode.UNLOCKED),
                null,
                null,
                Context.NONE));
        return true;
    }
}
