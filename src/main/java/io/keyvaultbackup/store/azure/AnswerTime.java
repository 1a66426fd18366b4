package io.keyvaultbackup.store.azure;

import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Has the transport itself wait for an answer no longer than one try may take, and read all of it before it hands it on. The SDK's own time-out of a try does
 * not end a call that blocks its thread (azure-storage-common 12.32): it is heard when that has come back by itself. And where a download is answered
 * by an error, its next try reads what is no longer there, and fails for good (azure-core-http-jdk-httpclient 1.1): only answers that are small may so be had.
 *
 * @param atMost for each try
 */
record AnswerTime(Duration atMost) implements HttpPipelinePolicy {

    private static final String RESPONSE_TIMEOUT = "azure-response-timeout";
    private static final String READ_AT_ONCE = "azure-eagerly-read-response";

    @Override
    public HttpPipelinePosition getPipelinePosition() {
        return HttpPipelinePosition.PER_CALL;
    }

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        context.setData(RESPONSE_TIMEOUT, atMost);
        context.setData(READ_AT_ONCE, true);
        return next.process();
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        context.setData(RESPONSE_TIMEOUT, atMost);
        context.setData(READ_AT_ONCE, true);
        return next.processSync();
    }
}
