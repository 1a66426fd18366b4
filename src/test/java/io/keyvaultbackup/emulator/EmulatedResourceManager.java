package io.keyvaultbackup.emulator;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Azure Resource Manager over HTTPS, as far as which vaults there are: {@code POST /providers/Microsoft.ResourceGraph/resources}, and the
 * locations of a subscription. It knows one query, by its whole text, and refuses every other; it evaluates none. It checks the token's
 * audience, the version of the API and the form of the request. It does not check what the identity may read: all that it knows is told; and
 * neither management groups, facets nor its own limits are here.
 */
public final class EmulatedResourceManager {

    public static final String AUDIENCE = "https://management.azure.com";

    private static final String QUERY_PATH = "/providers/Microsoft.ResourceGraph/resources";
    private static final Pattern LOCATIONS = Pattern.compile("/subscriptions/([^/]+)/locations");
    private static final JsonMapper JSON = new JsonMapper();

    /** The one query, with its spaces made one. */
    private static final String VAULTS =
            "resources | where type =~ 'microsoft.keyvault/vaults' | project id, vaultUri = tostring(properties.vaultUri),"
                    + " subscriptionId, resourceGroup, location, sku = tostring(properties.sku.name), purgeProtection ="
                    + " tobool(properties.enablePurgeProtection), softDelete = tobool(properties.enableSoftDelete), tags |"
                    + " order by id asc";

    private final URI uri;
    private final TokenEndpoint tokens;
    private final List<Resource> resources = new CopyOnWriteArrayList<>();
    private final Map<String, String> geographies = new LinkedHashMap<>(Map.of(
            "westeurope",
            "Europe",
            "northeurope",
            "Europe",
            "germanywestcentral",
            "Germany",
            "eastus",
            "United States"));
    private final Deque<Answer> faults = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private @Nullable Answer always;
    private @Nullable Answer locationsRefusal;
    private int pageSize = 1_000;
    private int miscounts;
    private volatile Runnable beforeQuery = () -> {};

    EmulatedResourceManager(int port, TokenEndpoint tokens) {
        this.uri = URI.create("https://localhost:" + port);
        this.tokens = tokens;
    }

    /** What it knows of one resource. */
    private record Resource(
            String id,
            String type,
            String vaultUri,
            String subscription,
            String resourceGroup,
            String location,
            Map<String, Object> properties,
            Map<String, String> tags) {}

    public URI uri() {
        return uri;
    }

    /** A vault with purge protection, of the standard SKU. */
    public EmulatedResourceManager vault(
            String uri, String subscription, String resourceGroup, String location, Map<String, String> tags) {
        return resource(
                "microsoft.keyvault/vaults",
                uri,
                subscription,
                resourceGroup,
                location,
                Map.of("sku", "standard", "purgeProtection", true, "softDelete", true),
                tags);
    }

    /** A vault whose purge protection was never set. */
    public EmulatedResourceManager unprotectedVault(String uri, String subscription, String location) {
        return resource(
                "microsoft.keyvault/vaults", uri, subscription, "other", location, Map.of("sku", "premium"), Map.of());
    }

    public EmulatedResourceManager managedHsm(String uri, String subscription) {
        return resource("microsoft.keyvault/managedhsms", uri, subscription, "hsm", "westeurope", Map.of(), Map.of());
    }

    private EmulatedResourceManager resource(
            String type,
            String vaultUri,
            String subscription,
            String resourceGroup,
            String location,
            Map<String, Object> properties,
            Map<String, String> tags) {
        String id = "/subscriptions/" + subscription + "/resourceGroups/" + resourceGroup + "/providers/" + type + "/"
                + vaultUri.replaceAll("[^a-zA-Z0-9]", "-");
        resources.add(new Resource(id, type, vaultUri, subscription, resourceGroup, location, properties, tags));
        return this;
    }

    public void forget(String vaultUri) {
        resources.removeIf(resource -> resource.vaultUri().equals(vaultUri));
    }

    public EmulatedResourceManager pageSize(int rows) {
        pageSize = rows;
        return this;
    }

    /** The next so many queries are answered so. */
    public void refuse(int times, int status, String code, String message, Map<String, String> headers) {
        for (int time = 0; time < times; time++) {
            faults.add(error(status, code, message, headers));
        }
    }

    /** Every query is answered so, until {@link #recover}. */
    public void refuseAlways(int status, String code, String message) {
        always = error(status, code, message, Map.of());
    }

    /** Done before the next query is answered, whatever the answer, and may keep it waiting. */
    public void before(Runnable what) {
        AtomicBoolean done = new AtomicBoolean();
        beforeQuery = () -> {
            if (done.compareAndSet(false, true)) {
                what.run();
            }
        };
    }

    public void recover() {
        always = null;
    }

    public void refuseLocations(int status, String code, String message) {
        locationsRefusal = error(status, code, message, Map.of());
    }

    /** The next so many pages say that there is one row more than they tell. */
    public void miscount(int pages) {
        miscounts = pages;
    }

    /** What came, in order: method and path. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private static Answer error(int status, String code, String message, Map<String, String> headers) {
        Answer answer = Answer.json(status, Map.of("error", Map.of("code", code, "message", message)))
                .withHeader("x-ms-request-id", "11111111-1111-1111-1111-111111111111");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            answer = answer.withHeader(header.getKey(), header.getValue());
        }
        return answer;
    }

    Answer answer(String method, String path, @Nullable String query, @Nullable String authorization, byte[] body) {
        requests.add(method + " " + path);
        if (path.equals(QUERY_PATH)) {
            beforeQuery.run();
        }
        return answered(method, path, query, authorization, body);
    }

    private synchronized Answer answered(
            String method, String path, @Nullable String query, @Nullable String authorization, byte[] body) {
        if (tokens.judge(authorization, AUDIENCE, 0) != TokenEndpoint.Verdict.VALID) {
            return error(401, "InvalidAuthenticationToken", "The access token is invalid.", Map.of());
        }
        Matcher locations = LOCATIONS.matcher(path);
        if (method.equals("GET") && locations.matches() && "api-version=2022-12-01".equals(query)) {
            return locationsRefusal == null ? locations(locations.group(1)) : locationsRefusal;
        }
        if (!method.equals("POST") || !path.equals(QUERY_PATH) || !"api-version=2021-03-01".equals(query)) {
            return error(404, "InvalidResourceType", "There is nothing at " + path + "?" + query, Map.of());
        }
        if (always != null) {
            return always;
        }
        return faults.isEmpty() ? rows(JSON.readTree(body)) : faults.remove();
    }

    private Answer rows(JsonNode request) {
        String text = request.path("query").asString("").replaceAll("\\s+", " ");
        JsonNode options = request.path("options");
        if (!text.equals(VAULTS) || !options.path("resultFormat").asString("").equals("objectArray")) {
            return error(400, "BadRequest", "Please provide a query that this emulator knows: " + text, Map.of());
        }
        List<String> subscriptions = new ArrayList<>();
        request.path("subscriptions").forEach(id -> subscriptions.add(id.asString()));
        List<Resource> found = resources.stream()
                .filter(resource -> resource.type().equals("microsoft.keyvault/vaults"))
                .filter(resource -> subscriptions.isEmpty()
                        || subscriptions.contains(resource.subscription().toLowerCase(Locale.ROOT)))
                .sorted(Comparator.comparing(Resource::id))
                .toList();
        String token = options.path("$skipToken").asString("");
        int from = token.isEmpty() ? 0 : Integer.parseInt(token.substring("after-".length()));
        int to = Math.min(
                found.size(), from + Math.min(pageSize, options.path("$top").asInt(100)));
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("totalRecords", found.size() + (miscounts-- > 0 ? 1 : 0));
        page.put("count", to - from);
        page.put(
                "data",
                found.subList(from, to).stream()
                        .map(EmulatedResourceManager::row)
                        .toList());
        page.put("facets", List.of());
        page.put("resultTruncated", "false");
        if (to < found.size()) {
            page.put("$skipToken", "after-" + to);
        }
        return Answer.json(200, page);
    }

    private static Map<String, @Nullable Object> row(Resource resource) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", resource.id());
        row.put("vaultUri", resource.vaultUri());
        row.put("subscriptionId", resource.subscription());
        row.put("resourceGroup", resource.resourceGroup());
        row.put("location", resource.location());
        row.put("sku", resource.properties().getOrDefault("sku", ""));
        row.put("purgeProtection", resource.properties().get("purgeProtection"));
        row.put("softDelete", resource.properties().get("softDelete"));
        row.put("tags", resource.tags().isEmpty() ? null : resource.tags());
        return row;
    }

    private Answer locations(String subscription) {
        return Answer.json(
                200,
                Map.of(
                        "value",
                        geographies.entrySet().stream()
                                .map(location -> Map.of(
                                        "id",
                                        "/subscriptions/" + subscription + "/locations/" + location.getKey(),
                                        "name",
                                        location.getKey(),
                                        "type",
                                        "Region",
                                        "metadata",
                                        Map.of("regionType", "Physical", "geography", location.getValue())))
                                .toList()));
    }
}
