package io.keyvaultbackup.dashboard.openapi;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What may be sent with what is asked for: there is one such thing, and it is read by hand, so that springdoc knows nothing of it. Stateless. */
final class ApiBodies {

    /** Of its schema among the components. */
    static final String NAME = "Why";

    private static final JsonMapper JSON = new JsonMapper();

    private ApiBodies() {}

    static ObjectNode optional(Descriptions words, String route) {
        ObjectNode body = JSON.createObjectNode().put("required", false);
        body.put("description", words.text(route + ".body", "body"));
        body.putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/" + NAME);
        return body;
    }

    static ObjectNode schema(Descriptions words) {
        ObjectNode schema = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        ObjectNode reason = schema.putObject("properties").putObject("reason");
        reason.putArray("type").add("string").add("null");
        reason.put("description", words.text("property." + NAME + ".reason"));
        words.found("property." + NAME + ".reason.maxLength")
                .ifPresent(most -> reason.put("maxLength", Integer.parseInt(most)));
        return schema;
    }
}
