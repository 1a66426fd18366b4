package io.keyvaultbackup.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Says which host it was that did not answer: one call may go to a vault, to a store and to the authority. What no second try can
 * mend (an untrusted certificate, a proxy that refuses) is thrown so that the SDK does not try it again for seconds.
 */
final class Transport implements HttpClient {

    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    private final HttpClient client;
    private final @Nullable ProxyRoute proxy;

    Transport(HttpClient client, @Nullable ProxyRoute proxy) {
        this.client = client;
        this.proxy = proxy;
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return send(request, Context.NONE);
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request, Context context) {
        return client.send(request, context)
                .map(response -> fromTheHost(request, response))
                .onErrorMap(failed -> named(request, failed));
    }

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        try {
            return fromTheHost(request, client.sendSync(request, context));
        } catch (RuntimeException failed) {
            throw named(request, failed);
        }
    }

    /** The proxy's refusal has no body to close: the JDK's client hands it on with null for one. */
    private HttpResponse fromTheHost(HttpRequest request, HttpResponse response) {
        if (response.getStatusCode() != PROXY_AUTHENTICATION_REQUIRED) {
            return response;
        }
        ProxyRoute used = proxyFor(request.getUrl());
        String host = request.getUrl().getAuthority();
        String words = "407, it wants a user and a password";
        throw new ConnectionException(
                used == null
                        ? Failure.of(FailureReason.PROXY, "a proxy does not connect to " + host + ": " + words)
                        : ConnectionFailures.refusedByProxy(host, used, words),
                null);
    }

    private RuntimeException named(HttpRequest request, Throwable thrown) {
        Throwable failed =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        URL url = request.getUrl();
        Failure failure = failed instanceof ConnectionException
                ? null
                : ConnectionFailures.understand(failed, url.getAuthority(), proxyFor(url));
        if (failure == null || isInterruption(failed)) {
            return failed instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failed);
        }
        if (failure.reason().mayPass()) {
            // The SDKs try again what an IOException caused, and the Blob SDK then throws that and not what is around
            // it.
            return new UncheckedIOException(
                    new IOException(failure.message(), new ConnectionException(failure, failed)));
        }
        ConnectionException pointless = new ConnectionException(failure, null);
        pointless.addSuppressed(failed);
        return pointless;
    }

    private static boolean isInterruption(Throwable failed) {
        return ConnectionFailures.causeOf(InterruptedException.class, failed) != null
                || ConnectionFailures.causeOf(java.nio.channels.ClosedByInterruptException.class, failed) != null;
    }

    private @Nullable ProxyRoute proxyFor(URL url) {
        return proxy != null && proxy.covers(url.getHost()) ? proxy : null;
    }
}
