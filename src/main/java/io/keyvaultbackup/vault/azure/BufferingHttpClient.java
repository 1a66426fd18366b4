package io.keyvaultbackup.vault.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import reactor.core.publisher.Mono;

/** Keeps short answers whole, so that who explains a failure can read again what the SDK has read. */
record BufferingHttpClient(HttpClient client) implements HttpClient {

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return client.send(request).map(HttpResponse::buffer);
    }

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        return client.sendSync(request, context).buffer();
    }
}
