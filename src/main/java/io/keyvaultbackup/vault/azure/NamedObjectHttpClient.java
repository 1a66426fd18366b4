package io.keyvaultbackup.vault.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import reactor.core.publisher.Mono;

/**
 * Holds each answer 200 to a restore, a recovery or a deletion to name an object. The SDK takes any JSON for the service's, and hides the
 * answer of what it began in a poller that tells it to nobody without a further request; here, an answer that names no object is a failure.
 *
 * @param client whose answers can be read twice
 */
record NamedObjectHttpClient(BufferingHttpClient client) implements HttpClient {

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return client.send(request);
    }

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        HttpResponse response = client.sendSync(request, context);
        if (response.getStatusCode() == 200) {
            Answers.requireObject(response.getBodyAsBinaryData().toBytes());
        }
        return response;
    }
}
