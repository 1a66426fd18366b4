package io.keyvaultbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerClient;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.TestStopwatch;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import io.keyvaultbackup.testservices.FaultyWay.Fault;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What a store in Blob Storage makes of what goes wrong; what is tried again is so by the product's own patience, whose waits pass at once. */
class BlobContainerStoreFailuresTest {

    private static final BlobContent BYTES = BlobContent.of("bytes".getBytes(StandardCharsets.UTF_8));
    private static final BlobContent OTHERS = BlobContent.of("other".getBytes(StandardCharsets.UTF_8));

    private FaultyWay way;
    private Azurite.Container container;
    private BackupStore store;
    private final Patience patience = new Patience(new TestStopwatch());

    @BeforeEach
    void open() {
        way = new FaultyWay(Azurite.shared().accountUrl());
        container = Azurite.shared().newContainer();
        store = store(
                Azurite.connectionString(way.url()),
                container.name(),
                Azurite.shared().httpClient());
    }

    @AfterEach
    void close() {
        way.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void triesAgainWhatMayPass(int status) {
        way.next("PUT", error(status, "ServerBusy")).next("PUT", error(status, "ServerBusy"));

        patience.call(() -> store.put("patient", BYTES, Map.of("kind", "key")));

        assertThat(way.requests()).containsExactly("PUT", "PUT", "PUT");
        assertThat(store.find("patient")).get().extracting(StoredBlob::size).isEqualTo(5L);
    }

    @Test
    void succeedsWhenOnlyTheAnswerWasLost() {
        way.next("PUT", new Fault.AnswerLost());

        StoredBlob put = patience.call(() -> store.put("lost", BYTES, Map.of("kind", "key")));

        assertThat(way.requests()).containsExactly("PUT", "PUT", "HEAD");
        assertThat(put.metadata()).containsEntry("kind", "key").containsEntry(StoredBlob.SHA_256, BYTES.sha256());
    }

    @Test
    void readsTheBytesAnewForEachTry() throws IOException {
        byte[] large = new byte[300_000];
        way.next("PUT", error(503, "ServerBusy")).next("PUT", new Fault.AnswerLost());

        patience.call(() -> store.put("large", BlobContent.of(large), Map.of()));

        try (InputStream input = store.open("large")) {
            assertThat(input.readAllBytes()).isEqualTo(large);
        }
    }

    @Test
    void asksOnceAndSaysHowLongToWait() {
        way.next("PUT", new Fault.Refusal(503, "ServerBusy", "The server is busy.", Map.of("Retry-After", "7")));

        Failure failure = failureOf(() -> store.put("busy", BYTES, Map.of()));

        assertThat(failure)
                .isEqualTo(new Failure(
                        FailureReason.STORE_UNAVAILABLE,
                        503,
                        "ServerBusy",
                        "The server is busy.",
                        "request-of-the-fault",
                        Duration.ofSeconds(7)));
        assertThat(way.requests()).containsExactly("PUT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold"})
    void neverTriesAgainWhatIsProtected(String code) {
        store.put("protected", OTHERS, Map.of());
        way.next("PUT", error(409, code));

        Failure failure = failureOf(() -> patience.call(() -> store.put("protected", BYTES, Map.of())));

        assertThat(failure.reason()).isEqualTo(FailureReason.STORE_IMMUTABLE);
        assertThat(failure.code()).isEqualTo(code);
        // the one before, and one try, after which it is looked at once
        assertThat(way.requests()).containsExactly("PUT", "PUT", "HEAD");
    }

    @Test
    void succeedsWhenTheProtectedBlobIsTheVerySame() {
        StoredBlob first = store.put("protected", BYTES, Map.of());
        way.next("PUT", error(409, "BlobImmutableDueToPolicy"));

        assertThat(store.put("protected", BYTES, Map.of())).isEqualTo(first);
    }

    /** Who may add but not overwrite is told so, instead of that the name is taken. */
    @ParameterizedTest
    @ValueSource(strings = {"UnauthorizedBlobOverwrite", "AuthorizationPermissionMismatch"})
    void looksWhetherTheNameIsTakenWhenOverwritingIsNotAllowed(String code) {
        StoredBlob first = store.put("added", BYTES, Map.of());
        way.next("PUT", error(403, code)).next("PUT", error(403, code)).next("PUT", error(403, code));

        assertThat(store.put("added", BYTES, Map.of())).isEqualTo(first);
        assertThat(failureOf(() -> store.put("added", OTHERS, Map.of())).reason())
                .isEqualTo(FailureReason.STORE_CONFLICT);
        assertThat(failureOf(() -> store.put("absent", OTHERS, Map.of())).reason())
                .isEqualTo(FailureReason.STORE_NOT_AUTHORISED);
    }

    @Test
    void saysTheFirstAnswerWhenItMayNotLook() {
        way.next("PUT", error(409, "BlobAlreadyExists")).next("HEAD", error(403, "AuthorizationPermissionMismatch"));

        assertThat(failureOf(() -> store.put("unseen", BYTES, Map.of())).reason())
                .isEqualTo(FailureReason.STORE_CONFLICT);
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidHeaderValue, REFUSED",
        "401, NoAuthenticationInformation, STORE_NOT_AUTHORISED",
        "403, AuthorizationFailure, STORE_NOT_AUTHORISED",
        "403, InsufficientAccountPermissions, STORE_NOT_AUTHORISED",
        "403, AccountIsDisabled, STORE_NOT_AUTHORISED",
        "404, ContainerNotFound, STORE_NOT_FOUND",
        "404, ResourceNotFound, STORE_NOT_FOUND",
        "408, RequestTimeout, STORE_UNAVAILABLE",
        "409, ContainerBeingDeleted, STORE_NOT_FOUND",
        "409, BlobBeingRehydrated, REFUSED",
        "412, LeaseIdMissing, REFUSED",
        "413, RequestBodyTooLarge, REFUSED",
        "507, InsufficientStorage, STORE_FULL"
    })
    void understandsTheServicesAnswers(int status, String code, FailureReason reason) {
        way.next("PUT", error(status, code));

        Failure failure = failureOf(() -> store.put("refused", BYTES, Map.of()));

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.describe())
                .isEqualTo(status + " " + code + ": What the service says. (request id request-of-the-fault)");
    }

    @Test
    void saysThatTheContainerIsMissing() {
        BackupStore missing = store(
                Azurite.connectionString(way.url()),
                "not-there",
                Azurite.shared().httpClient());

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> missing.put("a", BYTES, Map.of()),
                () -> missing.find("a"),
                () -> missing.open("a"),
                () -> missing.list(""))) {
            assertThat(failureOf(call).reason()).isEqualTo(FailureReason.STORE_NOT_FOUND);
        }
    }

    @Test
    void saysThatTheKeyIsWrong() {
        String wrongKey = Base64.getEncoder().encodeToString(new byte[64]);
        BackupStore wrong = store(
                Azurite.connectionString(way.url()).replace(Azurite.ACCOUNT_KEY, wrongKey),
                container.name(),
                Azurite.shared().httpClient());

        StoreException failed = catchThrowableOfType(StoreException.class, () -> wrong.put("a", BYTES, Map.of()));

        assertThat(failed.failure().reason()).isEqualTo(FailureReason.STORE_NOT_AUTHORISED);
        assertThat(failed).message().startsWith("403 ").doesNotContain(wrongKey, "StringToSign", "\n");
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        int port = unusedPort();
        BackupStore down = storeAt(URI.create("http://127.0.0.1:" + port + "/" + Azurite.ACCOUNT));

        Failure failure = failureOf(() -> down.put("a", BYTES, Map.of()));

        assertThat(failure.reason()).isEqualTo(FailureReason.STORE_UNAVAILABLE);
        assertThat(failure.message()).startsWith("cannot connect to 127.0.0.1:" + port + ": ");
        assertThat(failureOf(() -> down.list(""))).isEqualTo(failure);
    }

    @Test
    void saysThatTheConnectionBroke() {
        way.next("PUT", new Fault.AnswerLost());

        Failure failure = failureOf(() -> store.put("a", BYTES, Map.of()));

        assertThat(failure.reason()).isEqualTo(FailureReason.STORE_UNAVAILABLE);
        assertThat(failure.message())
                .startsWith("the connection to " + way.url().getAuthority() + " failed: ");
    }

    @Test
    void saysThatNoAnswerCameInTime() {
        way.next("HEAD", new Fault.Silence());
        HttpClient impatient = new JdkHttpClientBuilder()
                .responseTimeout(Duration.ofMillis(200))
                .build();
        BackupStore waiting = store(Azurite.connectionString(way.url()), container.name(), impatient);

        assertSilence(failureOf(() -> waiting.find("a")));
    }

    /** Where the transport would wait for longer. */
    @Test
    void saysThatNoAnswerCameInTheTimeOfOneTry() {
        way.next("PUT", new Fault.Silence());
        BackupStore waiting = new BlobContainerStore(BlobContainers.client(
                new ContainerAccess.ConnectionString(Azurite.connectionString(way.url()), container.name()),
                Azurite.shared().httpClient(),
                Duration.ofSeconds(1)));

        assertSilence(failureOf(() -> waiting.put("a", BYTES, Map.of())));
    }

    private void assertSilence(Failure failure) {
        assertThat(failure.reason()).isEqualTo(FailureReason.STORE_UNAVAILABLE);
        assertThat(failure.message()).startsWith(way.url().getAuthority() + " did not answer in time: ");
    }

    static Stream<IOException> transportFailures() {
        return Stream.of(
                new IOException("no answer"),
                new HttpTimeoutException("no answer in time"),
                new ConnectException("refused"),
                new SSLHandshakeException("not trusted"));
    }

    /** Transports name the whole address, of which a SAS token is a part. */
    @ParameterizedTest
    @MethodSource("transportFailures")
    void tellsNoSignatureWhereTheTransportTellsTheAddress(IOException failed) {
        HttpClient telling = request ->
                Mono.error(failed.initCause(new IOException(failed.getMessage() + " of " + request.getUrl())));
        BackupStore unreachable = new BlobContainerStore(BlobContainers.client(
                new ContainerAccess.SasToken(container.url(), "sv=2025-01-05&sr=c&sp=rcl&sig=aSecret%2Fof%3D"),
                telling,
                Duration.ofSeconds(10)));

        Failure failure = failureOf(() -> unreachable.find("a"));

        assertThat(failure.describe()).contains(failed.getMessage(), "sig=…").doesNotContain("aSecret");
    }

    @Test
    void triesABrokenConnectionAsOftenAsAStoreThatIsBusy() {
        for (int lost = 0; lost < 5; lost++) {
            way.next("PUT", new Fault.AnswerLost());
        }

        StoredBlob put = patience.call(() -> store.put("a", BYTES, Map.of()));

        assertThat(put.size()).isEqualTo(5);
        assertThat(way.requests()).containsExactly("PUT", "PUT", "PUT", "PUT", "PUT", "PUT", "HEAD");
    }

    @Test
    void saysThatNoHostHasItsName() {
        BackupStore nowhere = storeAt(URI.create("http://no-such-account.invalid:10000/" + Azurite.ACCOUNT));

        Failure failure = failureOf(() -> nowhere.find("a"));

        assertThat(failure.reason()).isEqualTo(FailureReason.STORE_HOST_UNKNOWN);
        assertThat(failure.message()).isEqualTo("the name of no-such-account.invalid:10000 cannot be resolved");
    }

    @Test
    void failsWhileListingIsRead() {
        store.put("a", BYTES, Map.of());
        store.put("b", BYTES, Map.of());
        BackupStore paged = new BlobContainerStore(
                client(
                        Azurite.connectionString(way.url()),
                        container.name(),
                        Azurite.shared().httpClient()),
                1);
        try (var blobs = paged.list("")) {
            var read = blobs.iterator();
            assertThat(read.next().name()).isEqualTo("a");
            way.next("GET", error(403, "AuthorizationFailure"));

            assertThatThrownBy(() -> read.forEachRemaining(ignored -> {})).isInstanceOf(StoreException.class);
        }
    }

    private static Fault error(int status, String code) {
        return new Fault.Refusal(status, code, "What the service says.", Map.of());
    }

    private static Failure failureOf(ThrowingCallable call) {
        StoreException failed = catchThrowableOfType(StoreException.class, call);
        assertThat(failed).isNotNull();
        return failed.failure();
    }

    private BackupStore storeAt(URI account) {
        return store(
                Azurite.connectionString(account),
                container.name(),
                Azurite.shared().httpClient());
    }

    private static BackupStore store(String connectionString, String container, HttpClient httpClient) {
        return new BlobContainerStore(client(connectionString, container, httpClient));
    }

    private static BlobContainerClient client(String connectionString, String container, HttpClient httpClient) {
        return BlobContainers.client(
                new ContainerAccess.ConnectionString(connectionString, container), httpClient, Duration.ofSeconds(10));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
