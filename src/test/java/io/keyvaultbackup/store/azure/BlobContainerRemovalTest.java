package io.keyvaultbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.storage.blob.BlobContainerClient;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.TestStopwatch;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.BlobRemovalContract;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.testservices.FaultyWay.Fault;
import io.keyvaultbackup.vault.FailureReason;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlobContainerRemovalTest extends BlobRemovalContract {

    private final Patience patience = new Patience(new TestStopwatch());
    private FaultyWay way;

    @BeforeEach
    void open() {
        way = new FaultyWay(Azurite.shared().accountUrl());
    }

    @AfterEach
    void close() {
        way.close();
    }

    @Override
    protected Pair pair() {
        Azurite.Container container = Azurite.shared().newContainer();
        BlobContainerClient client = BlobContainers.client(
                new ContainerAccess.ConnectionString(Azurite.connectionString(way.url()), container.name()),
                Azurite.shared().httpClient(),
                BlobContainers.DEFAULT_TRY_TIMEOUT);
        return new Pair(new BlobContainerStore(client), new BlobContainerRemoval(client));
    }

    @Test
    void succeedsWhenOnlyTheAnswerWasLost() {
        Pair pair = pair();
        StoredBlob blob = pair.store().put("vault/a", BlobContent.of(bytes("one")), Map.of());
        way.next("DELETE", new Fault.AnswerLost());

        remove(pair.removal(), blob);

        assertThat(way.paths("DELETE")).hasSize(2);
        assertThat(pair.store().find("vault/a")).isEmpty();
    }

    @Test
    void triesAgainWhatMayPass() {
        Pair pair = pair();
        StoredBlob blob = pair.store().put("vault/a", BlobContent.of(bytes("one")), Map.of());
        way.next("DELETE", refusal(503, "ServerBusy")).next("DELETE", refusal(500, "InternalError"));

        remove(pair.removal(), blob);

        assertThat(way.paths("DELETE")).hasSize(3);
        assertThat(pair.store().find("vault/a")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "409, BlobImmutableDueToPolicy, STORE_IMMUTABLE",
        "409, BlobImmutableDueToLegalHold, STORE_IMMUTABLE",
        "403, AuthorizationPermissionMismatch, STORE_NOT_AUTHORISED",
        "404, ContainerNotFound, STORE_NOT_FOUND",
        "412, LeaseIdMissing, REFUSED"
    })
    void neverTriesAgainWhatIsFinal(int status, String code, FailureReason reason) {
        Pair pair = pair();
        StoredBlob blob = pair.store().put("vault/a", BlobContent.of(bytes("one")), Map.of());
        way.next("DELETE", refusal(status, code));

        StoreException failed = catchThrowableOfType(StoreException.class, () -> remove(pair.removal(), blob));

        assertThat(failed.failure().reason()).isEqualTo(reason);
        assertThat(failed.failure().code()).isEqualTo(code);
        assertThat(way.paths("DELETE")).hasSize(1);
        assertThat(pair.store().find("vault/a")).isPresent();
    }

    /** As the service answers where the version is the one that the name shows; Azurite knows no versions and takes the name for it. */
    @Test
    void hidesTheVersionThatTheNameShowsBeforeItRemovesIt() {
        Pair pair = pair();
        StoredBlob put = pair.store().put("vault/a", BlobContent.of(bytes("one")), Map.of());
        StoredBlob version = new StoredBlob(put.name(), put.size(), "2026-11-24T03:00:00.0000000Z", put.metadata());
        way.next("DELETE", refusal(403, "OperationNotAllowedOnRootBlob"));

        remove(pair.removal(), version);

        assertThat(way.paths("DELETE")).hasSize(3);
        assertThat(pair.store().find("vault/a")).isEmpty();
    }

    /** Two requests have changed something when the lease is lost. */
    @Test
    void asksBeforeEachRequestThatChangesSomethingWhetherToGoOn() {
        for (int allowed = 0; allowed < 3; allowed++) {
            // given
            Pair pair = pair();
            StoredBlob put = pair.store().put("vault/a", BlobContent.of(bytes("one")), Map.of());
            StoredBlob version = new StoredBlob(put.name(), put.size(), "2026-11-24T03:00:00.0000000Z", put.metadata());
            way.next("DELETE", refusal(403, "OperationNotAllowedOnRootBlob"));
            int before = way.paths("DELETE").size();
            AtomicInteger left = new AtomicInteger(allowed);

            // when
            assertThatThrownBy(() -> pair.removal().remove(version, () -> {
                        if (left.getAndDecrement() == 0) {
                            throw new IllegalStateException("not any more");
                        }
                    }))
                    .hasMessage("not any more");

            // then
            assertThat(way.paths("DELETE")).hasSize(before + allowed);
            way.close();
            open();
        }
    }

    private void remove(BlobRemoval removal, StoredBlob blob) {
        patience.call(() -> {
            removal.remove(blob, () -> {});
            return blob;
        });
    }

    private static Fault refusal(int status, String code) {
        return new Fault.Refusal(status, code, "What the service says.", Map.of());
    }
}
