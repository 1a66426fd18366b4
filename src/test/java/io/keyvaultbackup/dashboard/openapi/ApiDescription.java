package io.keyvaultbackup.dashboard.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the description of the API of what springdoc tells of its handlers: with what people are told, names for the schemas, which properties are always
 * there, how a caller shows who it is, and what is answered when something is wrong; in an order that only a change of the API changes.
 */
final class ApiDescription {

    private static final String VERSION = "/api/v1";
    private static final List<String> FACETS = List.of("minimum", "maximum", "default", "maxLength", "pattern", "enum");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode springdoc;
    private final Descriptions words;
    private final SchemaNames names;

    ApiDescription(JsonNode springdoc, Descriptions words) {
        this.springdoc = springdoc;
        this.words = words;
        this.names = new SchemaNames(springdoc.at("/components/schemas").propertyNames(), words);
    }

    ObjectNode describe() {
        ObjectNode described = JSON.createObjectNode().put("openapi", "3.1.0");
        described
                .putObject("info")
                .put("title", words.text("title"))
                .put("version", VERSION.substring("/api/v".length()))
                .put("description", words.text("description"));
        described.putArray("servers").addObject().put("url", "/");
        described.set("security", security(false));
        ArrayNode tags = described.putArray("tags");
        paths().keySet().stream()
                .map(ApiDescription::tag)
                .distinct()
                .forEach(tag -> tags.addObject().put("name", tag).put("description", words.text("tag." + tag)));
        ObjectNode paths = described.putObject("paths");
        paths().forEach((path, operations) -> {
            ObjectNode here = paths.putObject(path);
            operations.forEachEntry((method, operation) -> here.set(method, operation(method, path, operation)));
        });
        ObjectNode components = described.putObject("components");
        components.set("securitySchemes", ApiSecurity.schemes(words));
        components.set("responses", ApiProblems.responses(words));
        ObjectNode schemas = components.putObject("schemas");
        schemas.set(ApiBodies.NAME, ApiBodies.schema(words));
        schemas.set("Problem", ApiProblems.schema(words));
        springdoc.at("/components/schemas").forEachEntry((type, schema) -> schemas.set(names.of(type), schema(type)));
        return ordered(described);
    }

    private Map<String, JsonNode> paths() {
        Map<String, JsonNode> paths = new TreeMap<>();
        springdoc.path("paths").forEachEntry(paths::put);
        return paths;
    }

    /** What is below a version is of one kind. */
    private static String tag(String path) {
        return path.substring(VERSION.length()).split("/", -1)[1];
    }

    private ObjectNode operation(String method, String path, JsonNode told) {
        String route = method.toUpperCase(Locale.ROOT) + path.substring(VERSION.length());
        ObjectNode operation = JSON.createObjectNode();
        operation.put("operationId", operationId(method, path));
        operation.put("summary", words.text(route));
        words.found(route + ".more").ifPresent(more -> operation.put("description", more));
        operation.putArray("tags").add(tag(path));
        if (!method.equals("get")) {
            operation.set("security", security(true));
        }
        if (told.has("parameters")) {
            ArrayNode parameters = operation.putArray("parameters");
            told.path("parameters").forEach(parameter -> parameters.add(parameter(route, (ObjectNode) parameter)));
        }
        if (told.has("requestBody")) {
            operation.set("requestBody", ApiBodies.optional(words, route));
        }
        ObjectNode responses = operation.putObject("responses");
        String status = words.found(route + ".answers").orElse("200");
        responses.set(status, response(route, status, told.at("/responses/200")));
        ApiProblems.of(told, method)
                .forEach(problem -> responses
                        .putObject(String.valueOf(problem.status()))
                        .put("$ref", "#/components/responses/" + problem.responseName()));
        return operation;
    }

    private ObjectNode response(String route, String status, JsonNode told) {
        ObjectNode response = ((ObjectNode) told).deepCopy();
        response.put("description", words.text("answer." + status));
        words.found(route + ".type")
                .ifPresent(type -> response.putObject("content")
                        .putObject(type)
                        .putObject("schema")
                        .put("type", "string"));
        return response;
    }

    private static String operationId(String method, String path) {
        return method
                + Stream.of(path.substring(VERSION.length()).split("[^A-Za-z0-9]+", -1))
                        .filter(word -> !word.isEmpty())
                        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                        .collect(Collectors.joining());
    }

    private ObjectNode parameter(String route, ObjectNode told) {
        String name = told.path("name").asString();
        String own = route + "." + name;
        String shared = "parameter." + name;
        ObjectNode parameter = told.deepCopy();
        parameter.put("description", words.text(own, shared));
        words.found(own + ".example", shared + ".example").ifPresent(example -> parameter.put("example", example));
        words.found(own + ".required").ifPresent(required -> parameter.put("required", Boolean.parseBoolean(required)));
        ObjectNode schema = (ObjectNode) parameter.path("schema");
        if (schema.path("default").asString("").isEmpty()) {
            schema.remove("default"); // nothing, which is what is left out
        }
        if (schema.path("type").asString().equals("array")) {
            schema = (ObjectNode) schema.path("items");
        }
        facets(schema, own, shared);
        return parameter;
    }

    private void facets(ObjectNode schema, String own, String shared) {
        for (String facet : FACETS) {
            words.found(own + "." + facet, shared + "." + facet).ifPresent(value -> put(schema, facet, value));
        }
        if (schema.path("type").asString().equals("integer")) {
            Stream.of("minimum", "maximum")
                    .filter(bound -> !schema.has(bound))
                    .forEach(bound -> words.text(shared + "." + bound));
        }
    }

    private static void put(ObjectNode schema, String facet, String value) {
        if (facet.equals("enum")) {
            ArrayNode values = schema.putArray("enum");
            Stream.of(value.split(",", -1)).map(String::strip).forEach(values::add);
        } else if (NUMBER.matcher(value).matches()) {
            schema.put(facet, Long.parseLong(value));
        } else {
            schema.put(facet, value);
        }
    }

    private ObjectNode schema(String type) {
        ObjectNode schema = (ObjectNode)
                springdoc.path("components").path("schemas").path(type).deepCopy();
        JsonNode properties = schema.path("properties");
        Set<String> always = names.alwaysThere(type, properties.propertyNames());
        if (!always.isEmpty()) {
            ArrayNode required = schema.putArray("required");
            always.forEach(required::add);
        }
        for (String name : new ArrayList<>(properties.propertyNames())) {
            ObjectNode property = (ObjectNode) properties.path(name);
            String own = "property." + names.of(type) + "." + name;
            String shared = "property." + name;
            property.put("description", words.text(own, shared));
            words.found(own + ".enum", shared + ".enum").ifPresent(values -> put(property, "enum", values));
        }
        return schema;
    }

    private static ArrayNode security(boolean changing) {
        ArrayNode ways = JSON.createArrayNode();
        ways.addObject().putArray("bearer");
        ObjectNode session = ways.addObject();
        session.putArray("session");
        if (changing) {
            session.putArray("csrf");
        }
        return ways;
    }

    /** The document's own parts as they are put, all below by name. */
    private ObjectNode ordered(ObjectNode document) {
        ObjectNode ordered = JSON.createObjectNode();
        document.forEachEntry((name, part) -> ordered.set(name, byName(part)));
        return ordered;
    }

    private JsonNode byName(JsonNode node) {
        if (node.isArray()) {
            ArrayNode array = JSON.createArrayNode();
            node.forEach(element -> array.add(byName(element)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = JSON.createObjectNode();
        for (String name : new TreeSet<>(node.propertyNames())) {
            JsonNode value = node.path(name);
            object.set(
                    name,
                    name.equals("$ref") && value.isString()
                            ? JSON.getNodeFactory().stringNode(names.reference(value.asString()))
                            : byName(value));
        }
        return object;
    }
}
