package io.keyvaultbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.LeaseStateType;
import com.azure.storage.blob.options.BlobBreakLeaseOptions;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import io.keyvaultbackup.emulator.MutableClock;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHeldException;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.store.LeaseLostException;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.LeasesContract;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a connection string, in a container that the first lease makes; what SAS tokens allow, too. */
class BlobLeasesTest extends LeasesContract {

    private static final Duration LIFETIME = Duration.ofSeconds(60);

    private final String container = "leases-" + UUID.randomUUID();

    @Override
    protected Leases leases() {
        return leases(new ContainerAccess.ConnectionString(Azurite.shared().connectionString(), container));
    }

    @Override
    protected void end(String vault) {
        new BlobLeaseClientBuilder()
                .blobClient(blob(vault))
                .buildClient()
                .breakLeaseWithResponse(new BlobBreakLeaseOptions().setBreakPeriod(Duration.ZERO), null, Context.NONE);
    }

    @Override
    protected void damage(String vault, String text) {
        blob(vault).upload(BinaryData.fromString(text), true);
    }

    @Test
    void tellUntilWhenTheyLastAtMost() {
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1);

        assertThatExceptionOfType(LeaseHeldException.class)
                .isThrownBy(() -> leases().acquire(VAULT, SNAPSHOT, "host-2", 1))
                .withMessageEndingWith("lease until 2026-11-24T03:01:00Z");
    }

    @Test
    void nameAHolderWhoWritesDownWhoItIsAMomentAfterItGotTheLease() {
        // given somebody who has the lease, and no note yet
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1).close();
        BlobLeaseClient claim =
                new BlobLeaseClientBuilder().blobClient(blob(VAULT)).buildClient();
        claim.acquireLease(60);

        // when another one asks, and only then the note is written
        CompletableFuture<Throwable> refusal = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> leases().acquire(VAULT, SNAPSHOT, "host-3", 1)),
                task -> Thread.ofVirtual().start(task));
        LeaseHolder holder =
                new LeaseHolder("host-2", SNAPSHOT, 2, Instant.parse("2026-11-24T03:01:00Z"), claim.getLeaseId());
        blob(VAULT)
                .uploadWithResponse(
                        new BlobParallelUploadOptions(BinaryData.fromBytes(
                                        LeaseNote.NEW.heldBy(holder).bytes()))
                                .setRequestConditions(new BlobRequestConditions().setLeaseId(claim.getLeaseId())),
                        null,
                        Context.NONE);

        // then
        assertThat(refusal.join()).isInstanceOf(LeaseHeldException.class).hasMessageContaining("by host-2, run");
    }

    @Test
    void areTheServicesOwn() {
        Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        assertThat(blob(VAULT).getProperties().getLeaseState()).isEqualTo(LeaseStateType.LEASED);

        lease.close();

        assertThat(blob(VAULT).getProperties().getLeaseState()).isEqualTo(LeaseStateType.AVAILABLE);
        assertThat(blob(VAULT).downloadContent().toString())
                .doesNotContain(OWNER)
                .contains(SNAPSHOT);
    }

    @Test
    void areLostWithTheirBlob() {
        Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 1);
        Azurite.shared().client(container).delete();

        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lease::renew);
        assertThatCode(lease::close).doesNotThrowAnyException();
    }

    /** A lease would have ended before the transport's own minute has. */
    @Test
    void areRenewedInTimeWhereOneAnswerDoesNotCome() {
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            // given
            Duration lifetime = Duration.ofSeconds(15);
            Leases leases = leases(
                    new ContainerAccess.ConnectionString(Azurite.connectionString(way.url()), container), lifetime);
            Lease lease = leases.acquire(VAULT, SNAPSHOT, OWNER, 1);
            way.next("PUT", new FaultyWay.Fault.Silence());

            // when
            Instant before = Instant.now();
            lease.renew();

            // then
            assertThat(Duration.between(before, Instant.now())).isLessThan(lifetime);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void areTakenThoughTheStoreIsBusyWhereTheirNoteIsRead(int status) {
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            // given
            Leases leases = leases(
                    new ContainerAccess.ConnectionString(Azurite.connectionString(way.url()), container),
                    Duration.ofSeconds(60));
            FaultyWay.Fault busy = new FaultyWay.Fault.Refusal(status, "ServerBusy", "The server is busy.", Map.of());

            // when
            way.next("GET", busy);
            leases.acquire(VAULT, SNAPSHOT, OWNER, 1).close();

            // then
            way.next("GET", busy);
            assertThat(leases.note(VAULT).holder()).isNull();
            assertThat(way.requests().stream().filter("GET"::equals)).hasSizeGreaterThanOrEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 502, 504})
    void areTakenNotedRenewedAndGivenBackThoughTheStoreIsBusy(int status) {
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1).close();
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            Leases leases = leases(
                    new ContainerAccess.ConnectionString(Azurite.connectionString(way.url()), container),
                    Duration.ofSeconds(60));
            FaultyWay.Fault busy = new FaultyWay.Fault.Refusal(status, "ServerBusy", "The server is busy.", Map.of());

            // when it is so once for each request: that for the lease, that for the note, and so on
            way.next("PUT", "?comp=lease", busy).next("GET", "", busy, () -> way.next("PUT", busy));
            Lease lease = leases.acquire(VAULT, SNAPSHOT, OWNER, 1);
            way.next("PUT", busy);
            lease.renew();
            assertThat(blob(VAULT).downloadContent().toString()).contains(OWNER);
            way.next("PUT", "", busy, () -> way.next("PUT", "?comp=lease", busy));
            lease.close();

            // then
            assertThat(blob(VAULT).downloadContent().toString()).doesNotContain(OWNER);
            assertThat(blob(VAULT).getProperties().getLeaseState()).isEqualTo(LeaseStateType.AVAILABLE);
            assertThat(way.requests().stream().filter("PUT"::equals))
                    .as("acquire, write, renew, renew, write, release")
                    .hasSize(2 * 5 + 1);
        }
    }

    @Test
    void sayWhatTheStoreAnsweredWhereItStaysBusy() {
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1).close();
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            Lease lease = leases(
                            new ContainerAccess.ConnectionString(Azurite.connectionString(way.url()), container),
                            Duration.ofSeconds(60))
                    .acquire(VAULT, SNAPSHOT, OWNER, 1);
            long before = way.requests().size();
            for (int tries = 0; tries < 4; tries++) {
                way.next("PUT", new FaultyWay.Fault.Refusal(504, "ServerBusy", "The server is busy.", Map.of()));
            }

            assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(lease::renew)
                    .satisfies(thrown -> assertThat(thrown.failure())
                            .isEqualTo(new Failure(
                                    FailureReason.STORE_UNAVAILABLE,
                                    504,
                                    "ServerBusy",
                                    "The server is busy.",
                                    "request-of-the-fault",
                                    null)));
            assertThat(way.requests().size() - before).isEqualTo(4);
            lease.close();
        }
    }

    @Test
    void areGivenBackWhereTheNoteIsDamaged() {
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1).close();
        damage(VAULT, "garbage");
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> leases().acquire(VAULT, SNAPSHOT, OWNER, 1));

        blob(VAULT).delete();

        try (Lease lease = leases().acquire(VAULT, SNAPSHOT, OWNER, 5)) {
            assertThat(lease.execution()).isEqualTo(5);
        }
    }

    @Test
    void needNoMoreThanReadingAndWritingInAContainerThatIsThere() {
        Azurite.shared().client(container).create();

        try (Lease lease = withSasToken("rcw").acquire(VAULT, SNAPSHOT, OWNER, 1)) {
            assertThat(lease.execution()).isEqualTo(1);
        }
    }

    @Test
    void sayThatTheRightToWriteIsMissing() {
        Azurite.shared().client(container).create();
        leases().acquire(VAULT, SNAPSHOT, OWNER, 1).close();

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> withSasToken("r").acquire(VAULT, SNAPSHOT, OWNER, 1))
                .withMessageContaining("az role assignment create --role \"Key Vault Backup Lease Holder")
                .withMessageContaining(container)
                .satisfies(
                        thrown -> assertThat(thrown.failure().reason()).isEqualTo(FailureReason.STORE_NOT_AUTHORISED));
    }

    @Test
    void sayThatTheContainerIsMissingWhereItCanNotBeMade() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> withSasToken("rcw").acquire(VAULT, SNAPSHOT, OWNER, 1))
                .withMessageContaining(
                        "az storage container create --account-name " + Azurite.ACCOUNT + " --name " + container)
                .satisfies(thrown -> assertThat(thrown.failure().reason()).isEqualTo(FailureReason.STORE_NOT_FOUND));
    }

    private Leases withSasToken(String rights) {
        BlobContainerClient client = Azurite.shared().client(container);
        String token = client.generateSas(new BlobServiceSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), BlobContainerSasPermission.parse(rights)));
        return leases(new ContainerAccess.SasToken(URI.create(client.getBlobContainerUrl()), token));
    }

    private static Leases leases(ContainerAccess access) {
        return leases(access, LIFETIME);
    }

    private static Leases leases(ContainerAccess access, Duration lifetime) {
        BlobContainerClient client =
                BlobContainers.leaseClient(access, Azurite.shared().httpClient(), lifetime);
        return new BlobLeases(client, lifetime, new MutableClock());
    }

    private BlobClient blob(String vault) {
        return Azurite.shared().client(container).getBlobClient(vault);
    }
}
