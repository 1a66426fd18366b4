package io.keyvaultbackup.vault.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import io.keyvaultbackup.vault.MemoryBudget;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reserves memory for an answer once its length is known and before its body is read. Only backup calls that are made within a {@link Claim} are
 * held to it; the body of all others is small.
 */
final class MemoryBoundHttpClient implements HttpClient {

    /**
     * Bytes of heap for each byte of answer while the SDK turns its text into the blob: the body, the parser's characters in pieces
     * and in whole, the string, and the decoded bytes.
     */
    private static final int HEAP_PER_BYTE = 6;

    /** Reserved where the service does not say how long its answer is. */
    private static final long UNKNOWN_LENGTH = 1 << 20;

    /** The claim of the call that this thread makes; the SDK sends on the thread that calls it. */
    private static final ScopedValue<Claim> CLAIM = ScopedValue.newInstance();

    private static final String BACKUP_PATH = "/backup";
    private static final String EAGERLY_READ_RESPONSE = "azure-eagerly-read-response";

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
        if (!CLAIM.isBound() || !request.getUrl().getPath().endsWith(BACKUP_PATH)) {
            HttpResponse response = client.sendSync(request, context);
            // The SDK reads an error's body to make its message, and so does who wants to know what the service said.
            return response.getStatusCode() >= 400 ? response.buffer() : response;
        }
        Claim claim = CLAIM.get();
        HttpResponse response = client.sendSync(request, context.addData(EAGERLY_READ_RESPONSE, false));
        if (response.getStatusCode() != 200) {
            return response.buffer();
        }
        String header = response.getHeaderValue(HttpHeaderName.CONTENT_LENGTH);
        long length = header == null ? -1 : Long.parseLong(header);
        try {
            claim.reserve((length < 0 ? UNKNOWN_LENGTH : length) * HEAP_PER_BYTE);
            return new ReadResponse(response, read(response, length));
        } catch (InterruptedException interrupted) {
            response.close();
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new java.io.InterruptedIOException("interrupted while waiting for memory"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static byte[] read(HttpResponse response, long length) throws IOException {
        try (InputStream body = response.getBodyAsBinaryData().toStream()) {
            if (length < 0) {
                return body.readAllBytes();
            }
            byte[] bytes = new byte[Math.toIntExact(length)];
            int count = body.readNBytes(bytes, 0, bytes.length);
            if (count < length) {
                throw new EOFException("the answer ended after " + count + " of " + length + " bytes");
            }
            return bytes;
        }
    }

    /** A call's claim on memory; whoever makes the call closes the reservation. */
    static final class Claim {

        private final MemoryBudget memory;
        private MemoryBudget.@Nullable Reservation reservation;

        Claim(MemoryBudget memory) {
            this.memory = memory;
        }

        /** Makes a call whose answer is held to this claim. */
        <T> T during(java.util.function.Supplier<T> call) {
            return ScopedValue.where(CLAIM, this).call(call::get);
        }

        private void reserve(long bytes) throws InterruptedException {
            close();
            reservation = memory.reserve(bytes);
        }

        /** What was reserved, now only for the blob itself. */
        MemoryBudget.Reservation keep(long bytes) throws InterruptedException {
            MemoryBudget.Reservation kept = reservation;
            if (kept == null) {
                kept = memory.reserve(bytes);
                reservation = kept;
            }
            kept.shrinkTo(bytes);
            return kept;
        }

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
            return getBodyAsString(java.nio.charset.StandardCharsets.UTF_8);
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
