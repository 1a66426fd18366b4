package io.keyvaultbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.models.BlobProperties;
import io.keyvaultbackup.emulator.MutableClock;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.TestStopwatch;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.ProtectionMode;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.testservices.ImmutableStorage;
import io.keyvaultbackup.testservices.StorageRight;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the account keeps versions and protects them; seen at the stand-in only. */
class VersionedStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    private static final Protection A_MONTH = new Protection(NOW.plus(Duration.ofDays(30)), false);

    private final MutableClock clock = new MutableClock(NOW);
    private final ImmutableStorage storage = new ImmutableStorage(clock);
    private final BlobContainerClient owner = storage.owner();
    private final BlobContainerStore store =
            new BlobContainerStore(storage.client(StorageRight.ADD, StorageRight.READ));
    private final BlobContainerRemoval removal = new BlobContainerRemoval(
            storage.client(StorageRight.READ, StorageRight.DELETE, StorageRight.DELETE_VERSION), clock);

    @AfterEach
    void close() {
        storage.close();
    }

    private static BlobContent text(String text) {
        return BlobContent.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private String read(String name, @Nullable String version) throws IOException {
        try (InputStream input = store.open(name, version)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void overwrite(String name, String text) {
        owner.getBlobClient(name).upload(BinaryData.fromString(text), true);
    }

    private List<BlobVersion> versions(String prefix) {
        try (Stream<BlobVersion> versions = store.listVersions(prefix)) {
            return versions.toList();
        }
    }

    private List<StoredBlob> removable(String prefix) {
        try (Stream<StoredBlob> blobs = removal.list(prefix)) {
            return blobs.toList();
        }
    }

    private long count(String method) {
        return storage.requests().stream()
                .filter(request -> request.method().equals(method))
                .count();
    }

    @Test
    void whatWasPutIsReadByItsVersionWhateverTheNameShows() throws IOException {
        StoredBlob overwritten = store.put("v/a", text("first"), Map.of());
        StoredBlob deleted = store.put("v/b", text("second"), Map.of());

        overwrite("v/a", "other");
        owner.getBlobClient("v/b").delete();

        assertThat(read("v/a", overwritten.version())).isEqualTo("first");
        assertThat(read("v/a", null)).isEqualTo("other");
        assertThat(read("v/b", deleted.version())).isEqualTo("second");
        assertThat(store.find("v/b")).isEmpty();
    }

    @Test
    void whatHasTheNameIsReadWhereThereIsNoSuchVersion() throws IOException {
        store.put("v/a", text("copied here"), Map.of());

        assertThat(read("v/a", "2020-01-01T00:00:00.0000000Z")).isEqualTo("copied here");
        assertThat(catchThrowableOfType(StoreException.class, () -> read("v/none", "2020-01-01T00:00:00.0000000Z"))
                        .failure()
                        .reason())
                .isEqualTo(FailureReason.NOT_FOUND);
    }

    @Test
    void versionsAreListedInTheOrderInWhichTheyWereWritten() {
        StoredBlob first = store.put("v/a", text("first"), Map.of("kind", "key"));
        overwrite("v/a", "second");
        StoredBlob other = store.put("v/b", text("b"), Map.of());
        owner.getBlobClient("v/b").delete();

        assertThat(versions("v/"))
                .extracting(BlobVersion::name, BlobVersion::current)
                .containsExactly(tuple("v/a", false), tuple("v/a", true), tuple("v/b", false));
        assertThat(versions("v/").getFirst().blob()).isEqualTo(first);
        assertThat(versions("v/").getLast().id()).isEqualTo(other.version());
    }

    @Test
    void whatIsPutIsProtectedFromItsFirstMoment() {
        StoredBlob put = store.put("v/a", text("first"), Map.of(), A_MONTH);
        new BlobContainerStore(storage.client(StorageRight.ADD, StorageRight.READ), ProtectionMode.LOCKED)
                .put("v/b", text("second"), Map.of(), new Protection(A_MONTH.until(), true));

        assertThat(store.unprotected()).isEmpty();
        BlobProperties unlocked = owner.getBlobClient("v/a").getProperties();
        assertThat(unlocked.getImmutabilityPolicy().getPolicyMode()).isEqualTo(BlobImmutabilityPolicyMode.UNLOCKED);
        BlobProperties locked = owner.getBlobClient("v/b").getProperties();
        assertThat(locked.getImmutabilityPolicy().getPolicyMode()).isEqualTo(BlobImmutabilityPolicyMode.LOCKED);
        assertThat(versions("v/").getFirst().blob()).isEqualTo(put);
        assertThat(versions("v/").getFirst().blob().protection()).isEqualTo(A_MONTH);
        assertThat(versions("v/").getLast().blob().protection()).isEqualTo(new Protection(A_MONTH.until(), true));
    }

    @Test
    void aContainerThatCanNotProtectTakesTheBlobAndThatIsTold() {
        storage.withoutImmutability();

        store.put("v/a", text("first"), Map.of(), A_MONTH);
        store.put("v/b", text("second"), Map.of(), A_MONTH);

        assertThat(store.unprotected().orElseThrow())
                .contains("retention until 2026-12-24T03:00:00Z")
                .contains("BlobOperationNotSupported")
                .contains("docs/immutability.md");
        assertThat(versions("v/")).extracting(BlobVersion::name).containsExactly("v/a", "v/b");
        assertThat(count("PUT")).as("it is asked for once").isEqualTo(3);
    }

    @Test
    void whereProtectionWasSeenNothingIsPutWithoutItForARefusalThatPasses() {
        store.put("v/a", text("first"), Map.of(), A_MONTH);
        storage.refusing(
                403, "AuthorizationFailure", request -> request.method().equals("PUT"));

        assertThat(catchThrowableOfType(StoreException.class, () -> store.put("v/b", text("b"), Map.of(), A_MONTH))
                        .failure()
                        .reason())
                .isEqualTo(FailureReason.STORE_NOT_AUTHORISED);
        storage.refusing(403, "none", request -> false);
        store.put("v/b", text("b"), Map.of(), A_MONTH);

        assertThat(store.isProtecting()).isTrue();
        assertThat(store.unprotected()).isEmpty();
        assertThat(versions("v/"))
                .extracting(version -> version.blob().protection())
                .containsExactly(A_MONTH, A_MONTH);
    }

    @Test
    void theNextRunAsksForProtectionAnew() {
        AtomicBoolean first = new AtomicBoolean(true);
        storage.refusing(409, "SomethingPassing", request -> request.method().equals("PUT") && first.getAndSet(false));
        store.put("v/a", text("first"), Map.of(), A_MONTH);
        assertThat(store.unprotected()).isPresent();
        assertThat(store.isProtecting()).isFalse();

        BackupStore next = store.forOneRun();
        next.put("v/b", text("second"), Map.of(), A_MONTH);

        assertThat(next.unprotected()).isEmpty();
        assertThat(next.isProtecting()).isTrue();
        assertThat(versions("v/").getLast().blob().protection()).isEqualTo(A_MONTH);
    }

    @Test
    void anIdentityThatMayNotAskForProtectionHasThatOfTheContainer() {
        storage.wherePolicyNeedsMoreThanAdd().withDefaultPolicy(30);

        store.put("v/a", text("first"), Map.of(), A_MONTH);

        assertThat(store.unprotected()).isEmpty();
        assertThat(versions("v/").getFirst().blob().protection()).isEqualTo(A_MONTH);
    }

    @Test
    void aDefaultRetentionThatEndsEarlierIsTold() {
        storage.wherePolicyNeedsMoreThanAdd().withDefaultPolicy(7);

        store.put("v/a", text("first"), Map.of(), A_MONTH);

        assertThat(store.unprotected().orElseThrow()).contains("retention until 2026-12-01T03:00:00Z");
    }

    @Test
    void aPutThatIsRefusedForAnotherReasonIsRefused() {
        store.put("v/a", text("first"), Map.of(), A_MONTH);

        assertThat(catchThrowableOfType(StoreException.class, () -> store.put("v/a", text("other"), Map.of(), A_MONTH))
                        .failure()
                        .reason())
                .isEqualTo(FailureReason.STORE_CONFLICT);
        assertThat(store.unprotected()).isEmpty();
    }

    @Test
    void exactlyThatVersionIsRemoved() {
        StoredBlob first = store.put("v/a", text("first"), Map.of());
        overwrite("v/a", "second");

        removal.remove(first, () -> {});

        assertThat(removable("v/")).hasSize(1);
        assertThat(owner.getBlobClient("v/a").downloadContent().toString()).isEqualTo("second");
    }

    @Test
    void theVersionThatTheNameShowsIsRemovedToo() {
        StoredBlob only = store.put("v/a", text("first"), Map.of());

        removal.remove(only, () -> {});
        removal.remove(only, () -> {}); // what is gone counts as removed

        assertThat(removable("v/")).isEmpty();
        assertThat(store.find("v/a")).isEmpty();
    }

    @Test
    void aRemovalThatACrashCutShortIsEndedByTheNext() {
        StoredBlob only = store.put("v/a", text("first"), Map.of());
        owner.getBlobClient("v/a").delete(); // and then it died

        assertThat(removable("v/")).containsExactly(only);
        removal.remove(removable("v/").getFirst(), () -> {});

        assertThat(removable("v/")).isEmpty();
    }

    @Test
    void whatIsKnownToBeProtectedIsNotAskedFor() {
        StoredBlob kept = store.put("v/a", text("first"), Map.of(), A_MONTH);

        assertThat(removable("v/").getFirst().protection()).isEqualTo(A_MONTH);
        assertImmutable(kept);

        assertThat(count("DELETE")).isZero();
    }

    @Test
    void whatTurnsOutToBeProtectedIsNotEvenHiddenAndNeverAskedForAgain() {
        StoredBlob kept = store.put("v/a", text("first"), Map.of(), A_MONTH);
        StoredBlob untold = new StoredBlob(kept.name(), kept.size(), kept.version(), kept.metadata());

        assertImmutable(untold);

        assertThat(store.find("v/a")).isPresent();
        assertThat(count("DELETE")).isEqualTo(1);
    }

    @Test
    void theServicesRefusalIsFinal() {
        StoredBlob kept = store.put("v/a", text("first"), Map.of(), new Protection(null, true));
        overwrite("v/a", "second");
        StoredBlob untold = new StoredBlob(kept.name(), kept.size(), kept.version(), kept.metadata());

        assertImmutable(untold);

        assertThat(count("DELETE")).isEqualTo(1);
        assertThat(removable("v/")).hasSize(2);
    }

    @Test
    void aRetentionThatIsOverKeepsNothing() {
        // the Date that the stand-in's answers have is always today's, which is later
        StoredBlob kept =
                store.put("v/a", text("first"), Map.of(), new Protection(NOW.plus(Duration.ofHours(1)), false));
        clock.advance(Duration.ofHours(2));

        removal.remove(kept, () -> {});

        assertThat(removable("v/")).isEmpty();
    }

    private void assertImmutable(StoredBlob blob) {
        StoreException refused = catchThrowableOfType(
                StoreException.class,
                () -> new Patience(new TestStopwatch()).call(() -> {
                    removal.remove(blob, () -> {});
                    return blob;
                }));
        assertThat(refused.failure().reason()).isEqualTo(FailureReason.STORE_IMMUTABLE);
    }
}
