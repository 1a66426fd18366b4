package io.keyvaultbackup.store.azure;

import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import reactor.core.publisher.Mono;

/**
 * Lets a container be at a host that names the account and has a port ({@code https://myaccount.storage.example.com:10000/backups}).
 * The SDK takes whatever has a port for a host with the account in the path; so it is given a stand-in for the account, which is
 * taken out of each request before it is signed or sent.
 */
final class AccountInHost implements HttpPipelinePolicy {

    private static final String STAND_IN = "/account-in-host";

    /** Whether the container's URL is one that the SDK would misread. */
    static boolean isIn(URI containerUrl) {
        return containerUrl.getPort() >= 0
                && containerUrl.getPath().replaceFirst("/$", "").lastIndexOf('/') == 0;
    }

    /** The URL as the SDK reads it. */
    static URI withStandIn(URI containerUrl) {
        return URI.create(containerUrl.getScheme() + "://" + containerUrl.getRawAuthority() + STAND_IN
                + containerUrl.getRawPath());
    }

    /** The URL as people wrote it. */
    static String withoutStandIn(String url) {
        return url.replaceFirst(STAND_IN + "/", "/");
    }

    /** Before a request is tried, so that every try is right. */
    @Override
    public HttpPipelinePosition getPipelinePosition() {
        return HttpPipelinePosition.PER_CALL;
    }

    @Override
    public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
        takeOut(context);
        return next.process();
    }

    @Override
    public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
        takeOut(context);
        return next.processSync();
    }

    private static void takeOut(HttpPipelineCallContext context) {
        URL url = context.getHttpRequest().getUrl();
        try {
            if (url.getFile().startsWith(STAND_IN + "/")) {
                context.getHttpRequest()
                        .setUrl(URI.create(url.getProtocol() + "://" + url.getAuthority()
                                        + url.getFile().substring(STAND_IN.length()))
                                .toURL());
            }
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException("a part of a URL was taken out, and no URL is left", impossible);
        }
    }
}
