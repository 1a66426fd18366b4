package io.keyvaultbackup.dashboard.openapi;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is answered when something is wrong, which is the same for all routes. Stateless. */
enum ApiProblems {
    WRONG(400, "WrongRequest"),
    NOT_LOGGED_IN(401, "NotLoggedIn"),
    NOT_ALLOWED(403, "NotAllowed"),
    NOT_THERE(404, "NotThere"),
    CONFLICT(409, "Conflict"),
    NOT_READ(415, "NotRead"),
    NOT_TAKEN(502, "NotTaken"),
    NOT_NOW(503, "NotNow");

    private static final JsonMapper JSON = new JsonMapper();

    private final int status;
    private final String name;

    ApiProblems(int status, String name) {
        this.status = status;
        this.name = name;
    }

    int status() {
        return status;
    }

    /** Of its response among the components. */
    String responseName() {
        return name;
    }

    /** Whoever gives something may give it wrongly, what is named may not be there, and what is asked for may be asked for already. */
    static List<ApiProblems> of(JsonNode operation, String method) {
        List<ApiProblems> problems = new ArrayList<>(List.of(NOT_LOGGED_IN, NOT_ALLOWED, NOT_NOW));
        boolean inPath = operation.path("parameters").valueStream().anyMatch(ApiProblems::isInPath);
        boolean inQuery = operation.path("parameters").valueStream().anyMatch(parameter -> !isInPath(parameter));
        if (inQuery || operation.has("requestBody")) {
            problems.add(WRONG);
        }
        if (inPath || operation.has("requestBody")) {
            problems.add(NOT_THERE);
        }
        if (!method.equals("get")) {
            problems.addAll(List.of(CONFLICT, NOT_TAKEN));
        }
        if (operation.has("requestBody")) {
            problems.add(NOT_READ);
        }
        return problems;
    }

    private static boolean isInPath(JsonNode parameter) {
        return parameter.path("in").asString().equals("path");
    }

    static ObjectNode responses(Descriptions words) {
        ObjectNode responses = JSON.createObjectNode();
        for (ApiProblems problem : values()) {
            responses
                    .putObject(problem.name)
                    .put("description", words.text("problem." + problem.status))
                    .putObject("content")
                    .putObject("application/problem+json")
                    .putObject("schema")
                    .put("$ref", "#/components/schemas/Problem");
        }
        return responses;
    }

    static ObjectNode schema(Descriptions words) {
        ObjectNode schema = JSON.createObjectNode().put("type", "object");
        schema.put("description", words.text("problem"));
        schema.putArray("required").add("advice").add("detail").add("status").add("title");
        ObjectNode properties = schema.putObject("properties");
        for (String name : List.of("type", "title", "detail", "instance", "advice")) {
            properties.putObject(name).put("type", "string").put("description", words.text("property.Problem." + name));
        }
        properties.putObject("status").put("type", "integer").put("description", words.text("property.Problem.status"));
        return schema;
    }
}
