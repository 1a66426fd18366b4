package io.keyvaultbackup.fleet.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.profile.AzureProfile;
import com.azure.core.util.Context;
import com.azure.resourcemanager.resourcegraph.ResourceGraphManager;
import com.azure.resourcemanager.resourcegraph.models.QueryRequest;
import com.azure.resourcemanager.resourcegraph.models.QueryRequestOptions;
import com.azure.resourcemanager.resourcegraph.models.QueryResponse;
import com.azure.resourcemanager.resourcegraph.models.ResultFormat;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Azure Resource Manager, one request at a call; the SDK's own tries are off, so that no 429 is hidden from whoever waits. */
final class ResourceRequests {

    private static final int PAGE = 1_000;
    private static final String LOCATIONS = "/locations?api-version=2022-12-01";
    private static final JsonMapper JSON = new JsonMapper();

    private final ResourceGraphManager manager;
    private final String endpoint;
    private final String host;

    /**
     * @param endpoint where it is reached
     * @param audience for whom its tokens are made out: the cloud's own address
     */
    ResourceRequests(TokenCredential credential, HttpClient httpClient, String endpoint, String audience) {
        this.endpoint = endpoint.replaceFirst("/$", "");
        this.host = URI.create(endpoint).getAuthority();
        this.manager = ResourceGraphManager.configure()
                .withHttpClient(httpClient)
                .withRetryOptions(new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1))))
                .withScope(audience + "/.default")
                .authenticate(
                        credential,
                        new AzureProfile(new AzureEnvironment(Map.of(
                                "resourceManagerEndpointUrl", this.endpoint, "managementEndpointUrl", audience))));
    }

    /** @param next what the page after this is asked for with; null if this is the last */
    record Page(List<Map<?, ?>> rows, long total, @Nullable String next) {}

    /**
     * A page of what a query finds.
     *
     * @param skipToken of the page before; null for the first
     */
    Page page(String query, List<String> subscriptions, @Nullable String skipToken) {
        QueryRequest request = new QueryRequest()
                .withQuery(query)
                .withOptions(new QueryRequestOptions()
                        .withResultFormat(ResultFormat.OBJECT_ARRAY)
                        .withTop(PAGE)
                        .withSkipToken(skipToken));
        if (!subscriptions.isEmpty()) {
            request.withSubscriptions(subscriptions);
        }
        try {
            return page(manager.resourceProviders().resources(request));
        } catch (RuntimeException failed) {
            throw ResourceManagerFailures.understand(failed, host);
        }
    }

    private static Page page(QueryResponse answer) {
        if (!(answer.data() instanceof List<?> data)) {
            throw ResourceManagerFailures.corrupt("it has no rows", null);
        }
        List<Map<?, ?>> rows = new ArrayList<>();
        for (Object row : data) {
            if (!(row instanceof Map<?, ?> columns)) {
                throw ResourceManagerFailures.corrupt("a row has no columns", null);
            }
            rows.add(columns);
        }
        return new Page(rows, answer.totalRecords(), answer.skipToken());
    }

    /** The geography of each location that a subscription may use, as Azure names both. */
    Map<String, String> geographies(String subscription) {
        HttpRequest request = new HttpRequest(HttpMethod.GET, endpoint + "/subscriptions/" + subscription + LOCATIONS);
        try (HttpResponse response = manager.serviceClient().getHttpPipeline().sendSync(request, Context.NONE)) {
            if (response.getStatusCode() != 200) {
                throw ResourceManagerFailures.refused(response);
            }
            Map<String, String> geographies = new TreeMap<>();
            for (JsonNode location :
                    JSON.readTree(response.getBodyAsBinaryData().toBytes()).path("value")) {
                JsonNode geography = location.path("metadata").path("geography");
                if (location.path("name").isString() && geography.isString()) {
                    geographies.put(location.path("name").stringValue(), geography.stringValue());
                }
            }
            return geographies;
        } catch (JacksonException notJson) {
            throw ResourceManagerFailures.corrupt("the list of locations is not JSON", notJson);
        } catch (RuntimeException failed) {
            throw ResourceManagerFailures.understand(failed, host);
        }
    }
}
