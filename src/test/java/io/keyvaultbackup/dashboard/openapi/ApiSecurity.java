package io.keyvaultbackup.dashboard.openapi;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How a caller shows who it is. Stateless. */
final class ApiSecurity {

    private ApiSecurity() {}

    static ObjectNode schemes(Descriptions words) {
        ObjectNode schemes = new JsonMapper().createObjectNode();
        schemes.putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("bearerFormat", "JWT")
                .put("description", words.text("security.bearer"));
        key(schemes, "session", "cookie", "keyvault-backup", words);
        key(schemes, "csrf", "header", "X-CSRF-TOKEN", words);
        return schemes;
    }

    private static void key(ObjectNode schemes, String scheme, String in, String name, Descriptions words) {
        schemes.putObject(scheme)
                .put("type", "apiKey")
                .put("in", in)
                .put("name", name)
                .put("description", words.text("security." + scheme));
    }
}
