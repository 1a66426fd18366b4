package io.keyvaultbackup.store.azure;

import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * Has the SDK's own retries meet those answers too that it would hand on at once (azure-storage-common 12.32 tries 429, 500 and 503 again): that nobody had
 * time, or that what stands before the service had no answer from it. To the SDK they are connections that broke; what they said is kept. For small answers.
 */
final class BusyAnswers implements HttpPipelinePolicy {

    private static final Set<Integer> HANDED_ON = Set.of(408, 502, 504);

    /** In place of an answer, which it has. */
    static final class BusyException extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient ServiceAnswer answer;

        private BusyException(ServiceAnswer answer) {
            super("the service answered with status " + answer.status());
            this.answer = answer;
        }

        ServiceAnswer answer() {
            return answer;
        }
    }

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        return next.process()
                .flatMap(response -> isHandedOn(response)
                        ? response.getBodyAsString()
                                .defaultIfEmpty("")
                                .flatMap(body -> Mono.error(new BusyException(ServiceAnswer.of(response, body))))
                        : Mono.just(response));
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        HttpResponse response = next.processSync();
        if (!isHandedOn(response)) {
            return response;
        }
        try (response) {
            throw new UncheckedIOException(new BusyException(
                    ServiceAnswer.of(response, response.getBodyAsBinaryData().toString())));
        }
    }

    private static boolean isHandedOn(HttpResponse response) {
        return HANDED_ON.contains(response.getStatusCode());
    }
}
