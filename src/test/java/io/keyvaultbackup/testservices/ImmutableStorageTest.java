package io.keyvaultbackup.testservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import io.keyvaultbackup.emulator.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The stand-in held against what the service's documentation says, by the service's own SDK. */
class ImmutableStorageTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    private final MutableClock clock = new MutableClock(NOW);
    private final ImmutableStorage storage = new ImmutableStorage(clock);
    private final BlobContainerClient owner = storage.owner();

    @AfterEach
    void close() {
        storage.close();
    }

    private static BlobImmutabilityPolicy until(Instant time, BlobImmutabilityPolicyMode mode) {
        return new BlobImmutabilityPolicy()
                .setExpiryTime(time.atOffset(ZoneOffset.UTC))
                .setPolicyMode(mode);
    }

    private static String upload(BlobClient blob, String text, @Nullable BlobImmutabilityPolicy policy) {
        BlockBlobSimpleUploadOptions options = new BlockBlobSimpleUploadOptions(BinaryData.fromString(text));
        if (policy != null) {
            options.setImmutabilityPolicy(policy);
        }
        return blob.getBlockBlobClient()
                .uploadWithResponse(options, null, Context.NONE)
                .getValue()
                .getVersionId();
    }

    private static String upload(BlobClient blob, String text) {
        return upload(blob, text, null);
    }

    private List<BlobItem> versions() {
        return owner
                .listBlobs(
                        new ListBlobsOptions()
                                .setMaxResultsPerPage(1)
                                .setDetails(new BlobListDetails()
                                        .setRetrieveVersions(true)
                                        .setRetrieveImmutabilityPolicy(true)
                                        .setRetrieveLegalHold(true)),
                        null)
                .stream()
                .toList();
    }

    private static void assertRefused(int status, String code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(BlobStorageException.class, refused -> {
            assertThat(refused.getStatusCode()).isEqualTo(status);
            assertThat(refused.getErrorCode().toString()).isEqualTo(code);
        });
    }

    @Test
    void anOverwriteMakesTheCurrentVersionAPreviousOne() {
        BlobClient blob = owner.getBlobClient("a/b");
        String first = upload(blob, "first");
        String second = upload(blob, "second");

        assertThat(versions())
                .extracting(BlobItem::getVersionId, BlobItem::isCurrentVersion)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(first, null),
                        org.assertj.core.groups.Tuple.tuple(second, true));
        assertThat(blob.downloadContent().toString()).isEqualTo("second");
        assertThat(blob.getVersionClient(first).downloadContent().toString()).isEqualTo("first");
        assertThat(blob.getProperties().getVersionId()).isEqualTo(second);
        assertThat(blob.getVersionClient(first).getProperties().isCurrentVersion())
                .isNull();
    }

    @Test
    void aDeleteLeavesNoCurrentVersionAndAllPreviousOnes() {
        BlobClient blob = owner.getBlobClient("a");
        String first = upload(blob, "first");

        blob.delete();

        assertThat(blob.exists()).isFalse();
        assertThat(blob.getVersionClient(first).downloadContent().toString()).isEqualTo("first");
        assertThat(owner.listBlobs()).isEmpty();
        assertThat(versions()).extracting(BlobItem::getVersionId).containsExactly(first);
    }

    @Test
    void theCurrentVersionCannotBeDeletedByItsIdAndPreviousOnesCan() {
        BlobClient blob = owner.getBlobClient("a");
        String only = upload(blob, "first");

        assertRefused(
                403,
                "OperationNotAllowedOnRootBlob",
                () -> blob.getVersionClient(only).delete());
        blob.delete();
        blob.getVersionClient(only).delete();

        assertThat(versions()).isEmpty();
        assertRefused(404, "BlobNotFound", () -> blob.getVersionClient(only).delete());
    }

    @ParameterizedTest
    @EnumSource(value = BlobImmutabilityPolicyModes.class)
    void aProtectedVersionIsNotDeletedUntilItsTimeIsOver(BlobImmutabilityPolicyModes mode) {
        BlobClient blob = owner.getBlobClient("a");
        String kept = upload(blob, "kept", until(NOW.plus(Duration.ofDays(2)), mode.mode));
        blob.delete();

        assertThat(blob.getVersionClient(kept)
                        .getProperties()
                        .getImmutabilityPolicy()
                        .getExpiryTime())
                .isEqualTo(NOW.plus(Duration.ofDays(2)).atOffset(ZoneOffset.UTC));
        assertRefused(
                409,
                "BlobImmutableDueToPolicy",
                () -> blob.getVersionClient(kept).delete());
        clock.advance(Duration.ofDays(2));
        blob.getVersionClient(kept).delete();

        assertThat(versions()).isEmpty();
    }

    enum BlobImmutabilityPolicyModes {
        LOCKED(BlobImmutabilityPolicyMode.LOCKED),
        UNLOCKED(BlobImmutabilityPolicyMode.UNLOCKED);

        private final BlobImmutabilityPolicyMode mode;

        BlobImmutabilityPolicyModes(BlobImmutabilityPolicyMode mode) {
            this.mode = mode;
        }
    }

    @Test
    void aLegalHoldKeepsAVersionUntilItIsEnded() {
        BlobClient blob = owner.getBlobClient("a");
        String held = upload(blob, "held");
        blob.setLegalHold(true);
        blob.delete();

        assertThat(versions().getFirst().getProperties().hasLegalHold()).isTrue();
        assertRefused(
                409,
                "BlobImmutableDueToLegalHold",
                () -> blob.getVersionClient(held).delete());
        blob.getVersionClient(held).setLegalHold(false);
        blob.getVersionClient(held).delete();
    }

    @Test
    void anUnlockedPolicyIsShortenedAndRemovedAndALockedOneOnlyExtended() {
        BlobClient blob = owner.getBlobClient("a");
        upload(blob, "kept", until(NOW.plus(Duration.ofDays(9)), BlobImmutabilityPolicyMode.UNLOCKED));

        blob.setImmutabilityPolicy(until(NOW.plus(Duration.ofDays(3)), BlobImmutabilityPolicyMode.UNLOCKED));
        blob.deleteImmutabilityPolicy();
        blob.setImmutabilityPolicy(until(NOW.plus(Duration.ofDays(3)), BlobImmutabilityPolicyMode.LOCKED));

        assertRefused(
                409,
                "BlobImmutableDueToPolicy",
                () -> blob.setImmutabilityPolicy(
                        until(NOW.plus(Duration.ofDays(2)), BlobImmutabilityPolicyMode.LOCKED)));
        assertRefused(409, "ImmutabilityPolicyDeleteOnLockedPolicy", blob::deleteImmutabilityPolicy);
        blob.setImmutabilityPolicy(until(NOW.plus(Duration.ofDays(4)), BlobImmutabilityPolicyMode.LOCKED));
        assertThat(versions().getFirst().getProperties().getImmutabilityPolicy().getExpiryTime())
                .isEqualTo(NOW.plus(Duration.ofDays(4)).atOffset(ZoneOffset.UTC));
    }

    @Test
    void noPolicyEndsInThePast() {
        BlobClient blob = owner.getBlobClient("a");
        upload(blob, "a");

        assertRefused(
                400,
                "InvalidHeaderValue",
                () -> blob.setImmutabilityPolicy(until(NOW.minusSeconds(1), BlobImmutabilityPolicyMode.UNLOCKED)));
    }

    @Test
    void whoMayOnlyAddNeitherOverwritesNorDeletesNorSetsAPolicy() {
        BlobContainerClient adder = storage.client(StorageRight.ADD, StorageRight.READ);
        BlobClient blob = adder.getBlobClient("a");
        String version = upload(blob, "a", until(NOW.plus(Duration.ofDays(2)), BlobImmutabilityPolicyMode.UNLOCKED));
        String refused = "AuthorizationPermissionMismatch";

        assertRefused(403, refused, () -> upload(blob, "b"));
        assertRefused(403, refused, blob::delete);
        assertRefused(403, refused, () -> blob.getVersionClient(version).delete());
        assertRefused(403, refused, blob::deleteImmutabilityPolicy);
        assertRefused(403, refused, () -> blob.setLegalHold(true));
        assertRefused(403, refused, adder::getProperties);
        assertThat(blob.downloadContent().toString()).isEqualTo("a");
    }

    @Test
    void aConditionOnADeleteIsKept() {
        BlobClient blob = owner.getBlobClient("a");
        upload(blob, "first");
        String etag = blob.getProperties().getETag();
        upload(blob, "second");

        assertRefused(
                412,
                "ConditionNotMet",
                () -> blob.deleteWithResponse(null, new BlobRequestConditions().setIfMatch(etag), null, Context.NONE));
        assertThat(blob.downloadContent().toString()).isEqualTo("second");
    }

    @Test
    void softDeleteKeepsWhatWasDeletedOutOfListings() {
        storage.withSoftDelete();
        BlobClient blob = owner.getBlobClient("a");
        String version = upload(blob, "a");
        blob.delete();
        blob.getVersionClient(version).delete();

        assertThat(versions()).isEmpty();
        assertThat(owner.getServiceClient()
                        .getProperties()
                        .getDeleteRetentionPolicy()
                        .isEnabled())
                .isTrue();
    }

    @Test
    void theContainerTellsWhetherItHasVersionLevelImmutability() {
        assertThat(owner.getProperties().isImmutableStorageWithVersioningEnabled())
                .isTrue();
        storage.withoutVersioning();
        assertThat(owner.getProperties().isImmutableStorageWithVersioningEnabled())
                .isFalse();
        assertThat(upload(owner.getBlobClient("a"), "a")).isNull();
    }
}
