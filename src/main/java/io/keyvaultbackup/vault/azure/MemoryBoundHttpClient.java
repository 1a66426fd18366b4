package io.keyvaultbackup.vault.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import io.keyvaultbackup.azure.ConnectionFailures;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ProtectedBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads every answer before the SDK does, because the SDK does not: its listings take an answer that is cut off, or is no JSON, for
 * an empty last page, and its secret client returns a backup's JSON in place of the backup. Here, an answer that is not what the
 * service's API describes is a failure.
 *
 * <p>A backup call carries a {@link Claim}: memory is reserved once the answer's length is known and before its body is read, and
 * the blob is decoded while it is read. The SDK is given an answer without it; and so it is of the versions that {@link AskedVersions} are of.
 */
final class MemoryBoundHttpClient implements HttpClient {

    /** Reserved where the service does not say how long its answer is. */
    private static final long UNKNOWN_LENGTH = 1 << 20;

    private static final String CLAIM = "keyvault-backup-memory-claim";
    private static final String EAGERLY_READ_RESPONSE = "azure-eagerly-read-response";
    private static final byte[] EMPTIED = "{\"value\":\"\"}".getBytes(StandardCharsets.UTF_8);

    private static final byte[] EMPTIED_LISTING = "{\"value\":[]}".getBytes(StandardCharsets.UTF_8);

    private final HttpClient client;

    MemoryBoundHttpClient(HttpClient client) {
        this.client = client;
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return client.send(request);
    }

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        HttpResponse response = client.sendSync(request, context.addData(EAGERLY_READ_RESPONSE, false));
        if (response.getStatusCode() != 200) {
            return response.buffer();
        }
        String header = response.getHeaderValue(HttpHeaderName.CONTENT_LENGTH);
        long length = header == null ? -1 : Long.parseLong(header);
        try (InputStream body = response.getBodyAsBinaryData().toStream()) {
            if (context.getData(CLAIM).orElse(null) instanceof Claim claim) {
                claim.reserve(Answers.heapFor(length < 0 ? UNKNOWN_LENGTH : length));
                claim.blob = Answers.backup(body, length);
                return new ReadResponse(response, EMPTIED);
            }
            if (context.getData(AskedVersions.KEY).orElse(null) instanceof AskedVersions asked) {
                asked.answered(Answers.page(body.readAllBytes()));
                return new ReadResponse(response, EMPTIED_LISTING);
            }
            return new ReadResponse(response, Answers.listing(body.readAllBytes()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new java.io.InterruptedIOException("interrupted while waiting for memory"));
        } catch (IOException failed) {
            boolean cutOff = ConnectionFailures.causeOf(HttpTimeoutException.class, failed) == null
                    && !AzureFailures.isInterruption(failed);
            throw cutOff ? Answers.cutOff(failed) : new UncheckedIOException(failed);
        }
    }

    /** A call's claim on memory; whoever makes the call closes the reservation. */
    static final class Claim {

        private final MemoryBudget memory;
        private MemoryBudget.@Nullable Reservation reservation;
        private byte @Nullable [] blob;

        Claim(MemoryBudget memory) {
            this.memory = memory;
        }

        Context context() {
            return new Context(CLAIM, this);
        }

        private void reserve(long bytes) throws InterruptedException {
            close();
            reservation = memory.reserve(bytes);
        }

        /** The blob with its own share of what was reserved, or null if there was no such answer. */
        @Nullable
        ProtectedBytes take() {
            byte[] bytes = blob;
            MemoryBudget.Reservation kept = reservation;
            if (bytes == null || kept == null || bytes.length == 0) {
                return null;
            }
            kept.shrinkTo(bytes.length);
            reservation = null;
            return new ProtectedBytes(bytes, kept);
        }

        /** Gives back what was reserved and not taken. */
        void close() {
            if (reservation != null) {
                reservation.close();
            }
        }
    }

    /** An answer whose body has been read. */
    private static final class ReadResponse extends HttpResponse {

        private final HttpResponse head;
        private final byte[] body;

        ReadResponse(HttpResponse head, byte[] body) {
            super(head.getRequest());
            this.head = head;
            this.body = body;
        }

        @Override
        public int getStatusCode() {
            return head.getStatusCode();
        }

        @Override
        @Deprecated
        public @Nullable String getHeaderValue(String name) {
            return head.getHeaders().getValue(HttpHeaderName.fromString(name));
        }

        @Override
        public @Nullable String getHeaderValue(HttpHeaderName name) {
            return head.getHeaders().getValue(name);
        }

        @Override
        public com.azure.core.http.HttpHeaders getHeaders() {
            return head.getHeaders();
        }

        @Override
        public reactor.core.publisher.Flux<java.nio.ByteBuffer> getBody() {
            return reactor.core.publisher.Flux.just(java.nio.ByteBuffer.wrap(body));
        }

        @Override
        public BinaryData getBodyAsBinaryData() {
            return BinaryData.fromBytes(body);
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.just(body);
        }

        @Override
        public Mono<String> getBodyAsString() {
            return getBodyAsString(StandardCharsets.UTF_8);
        }

        @Override
        public Mono<String> getBodyAsString(java.nio.charset.Charset charset) {
            return Mono.just(new String(body, charset));
        }

        @Override
        public HttpResponse buffer() {
            return this;
        }
    }
}
