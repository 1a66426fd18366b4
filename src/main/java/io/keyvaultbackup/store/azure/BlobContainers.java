package io.keyvaultbackup.store.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.net.URI;
import java.time.Duration;

/**
 * Makes the Blob SDK's clients. The store's makes each request once, since whoever works with the store follows the failure's reason;
 * a lease's tries 4 times by itself, before the lease would end. Talks to nobody. Stateless.
 */
public final class BlobContainers {

    /** How long one try may take, where nothing else is asked for. */
    public static final Duration DEFAULT_TRY_TIMEOUT = Duration.ofSeconds(60);

    private static final int TRIES_OF_A_LEASE = 4;
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);

    private BlobContainers() {}

    /**
     * A client for the container, which need not exist yet.
     *
     * @param tryTimeout how long one request may take; at least a second
     * @throws IllegalArgumentException if the URL or the connection string is not one, or an identity would be used without HTTPS
     */
    public static BlobContainerClient client(ContainerAccess access, HttpClient httpClient, Duration tryTimeout) {
        return client(access, httpClient, tries(1, tryTimeout, FIRST_DELAY, FIRST_DELAY));
    }

    /** A client whose requests end, with their retries, before a lease does that is renewed after a third of its lifetime. */
    static BlobContainerClient leaseClient(ContainerAccess access, HttpClient httpClient, Duration lifetime) {
        return leaseClient(
                access, httpClient, lifetime.dividedBy(2 * TRIES_OF_A_LEASE), FIRST_DELAY, lifetime.dividedBy(30));
    }

    static BlobContainerClient leaseClient(
            ContainerAccess access,
            HttpClient httpClient,
            Duration tryTimeout,
            Duration firstDelay,
            Duration longestDelay) {
        return client(
                access,
                httpClient,
                tries(TRIES_OF_A_LEASE, tryTimeout, firstDelay, longestDelay),
                new AnswerTime(tryTimeout),
                new BusyAnswers());
    }

    private static BlobContainerClient client(
            ContainerAccess access,
            HttpClient httpClient,
            RequestRetryOptions retries,
            HttpPipelinePolicy... policies) {
        BlobContainerClientBuilder builder =
                new BlobContainerClientBuilder().httpClient(httpClient).retryOptions(retries);
        for (HttpPipelinePolicy policy : policies) {
            builder.addPolicy(policy);
        }
        return switch (access) {
            case ContainerAccess.Identity identity ->
                at(builder, identity.containerUrl())
                        .credential(identity.credential())
                        .buildClient();
            case ContainerAccess.SasToken sas ->
                at(builder, sas.containerUrl())
                        .sasToken(withoutQuestionMark(sas.sasToken()))
                        .buildClient();
            case ContainerAccess.ConnectionString string ->
                builder.connectionString(string.connectionString())
                        .containerName(string.container())
                        .buildClient();
        };
    }

    private static BlobContainerClientBuilder at(BlobContainerClientBuilder builder, URI containerUrl) {
        return AccountInHost.isIn(containerUrl)
                ? builder.endpoint(AccountInHost.withStandIn(containerUrl).toString())
                        .addPolicy(new AccountInHost())
                : builder.endpoint(containerUrl.toString());
    }

    private static RequestRetryOptions tries(
            int tries, Duration tryTimeout, Duration firstDelay, Duration longestDelay) {
        return new RequestRetryOptions(RetryPolicyType.EXPONENTIAL, tries, tryTimeout, firstDelay, longestDelay, null);
    }

    private static String withoutQuestionMark(String sasToken) {
        return sasToken.startsWith("?") ? sasToken.substring(1) : sasToken;
    }
}
