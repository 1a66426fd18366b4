package io.keyvaultbackup.dashboard.openapi;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The description of the API that is in the jar, held against answers; a property that it does not name is a problem. */
final class DescribedApi {

    private static final String FILE = "/META-INF/keyvault-backup/openapi.json";

    private final JsonNode document;
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private DescribedApi(JsonNode document) {
        this.document = document;
        document.at("/components/schemas").forEach(schema -> {
            if (schema.has("properties")) {
                ((ObjectNode) schema).put("additionalProperties", false);
            }
        });
    }

    static DescribedApi read() {
        try (InputStream file = Objects.requireNonNull(DescribedApi.class.getResourceAsStream(FILE))) {
            return new DescribedApi(new JsonMapper().readTree(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Set<String> references() {
        return new TreeSet<>(document.findValuesAsString("$ref"));
    }

    boolean has(String reference) {
        return !document.at(reference.substring(1)).isMissingNode();
    }

    /** The routes that can be asked for with GET. */
    Set<String> gets() {
        Set<String> gets = new TreeSet<>();
        document.path("paths").forEachEntry((path, operations) -> {
            if (operations.has("get")) {
                gets.add(path);
            }
        });
        return gets;
    }

    /** The parameters of a GET behind the question mark. */
    List<JsonNode> query(String route) {
        return get(route)
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("in").asString().equals("query"))
                .toList();
    }

    private JsonNode get(String route) {
        return document.path("paths").path(route).path("get");
    }

    /** The media type of what is there. */
    String type(String route) {
        return get(route)
                .at("/responses/200/content")
                .propertyNames()
                .iterator()
                .next();
    }

    /** What is not as described in an answer to a GET, in words. */
    List<String> problems(String route, int status, JsonNode answer) {
        return problems("get", route, status, answer);
    }

    /** The same of any method, in lower case. */
    List<String> problems(String method, String route, int status, JsonNode answer) {
        JsonNode response = document.path("paths")
                .path(route)
                .path(method)
                .path("responses")
                .path(String.valueOf(status));
        if (response.has("$ref")) {
            response = document.at(response.path("$ref").asString().substring(1));
        }
        if (response.isMissingNode()) {
            return List.of(status + " is not described");
        }
        ObjectNode schema = (ObjectNode)
                response.path("content").iterator().next().path("schema").deepCopy();
        return problems(schema, answer);
    }

    /** What is not as a schema of that name says. */
    List<String> problems(String schema, JsonNode answer) {
        return problems(new JsonMapper().createObjectNode().put("$ref", "#/components/schemas/" + schema), answer);
    }

    private List<String> problems(ObjectNode schema, JsonNode answer) {
        schema.set("components", document.path("components"));
        return schemas
                .getSchema(schema)
                .validate(
                        answer,
                        (ExecutionContext context) ->
                                context.executionConfig(settings -> settings.formatAssertionsEnabled(true)))
                .stream()
                .map(problem -> problem.getInstanceLocation() + ": " + problem.getMessage())
                .toList();
    }
}
