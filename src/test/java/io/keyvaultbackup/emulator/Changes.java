package io.keyvaultbackup.emulator;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Requests that make and change objects. */
final class Changes {

    private final ObjectStore store;
    private final Bodies bodies;

    Changes(ObjectStore store, Bodies bodies) {
        this.store = store;
        this.bodies = bodies;
    }

    Answer set(ApiRequest request, JsonNode body) {
        Version version = attributed(
                        Version.made(store.now(), null, body.path("value").asString("")), body)
                .withContentType(text(body, "contentType"));
        return added(request, version);
    }

    Answer create(ApiRequest request, JsonNode body) {
        Kind kind = request.requiredKind();
        if (kind == Kind.CERTIFICATE) {
            StoredObject made = store.addVersion(
                    kind, request.name(), attributed(Version.made(store.now(), KeyType.RSA_2048, null), body));
            return Answer.json(202, bodies.operation(withPolicy(made, body)));
        }
        StoredObject existing = store.find(kind, request.name());
        if (!body.has("kty") && existing != null) {
            return added(request, existing.latest().renewed(store.now()));
        }
        KeyType type = KeyType.of(
                body.path("kty").asString("RSA"), body.path("key_size").asInt(2048));
        return added(request, attributed(Version.made(store.now(), type, null), body));
    }

    Answer importOne(ApiRequest request, JsonNode body) {
        if (request.requiredKind() == Kind.CERTIFICATE) {
            String certificate = Materials.imported(
                    body.path("value").asString(""), body.path("pwd").asString(""));
            StoredObject made = store.addVersion(
                    Kind.CERTIFICATE,
                    request.name(),
                    attributed(Version.made(store.now(), KeyType.RSA_2048, certificate), body));
            StoredObject whole = withPolicy(made, body);
            return Answer.json(200, bodies.bundle(whole, whole.latest()));
        }
        JsonNode key = body.path("key");
        int bits = key.path("n").asString("").length() * 6 / 8 * 8;
        KeyType type = KeyType.of(key.path("kty").asString(""), bits);
        Map<String, JsonNode> publicPart = new LinkedHashMap<>();
        for (String field : new String[] {"kty", "key_ops", "n", "e", "crv", "x", "y"}) {
            if (key.has(field)) {
                publicPart.put(field, key.path(field));
            }
        }
        return added(
                request, attributed(Version.made(store.now(), type, Json.MAPPER.writeValueAsString(publicPart)), body));
    }

    Answer update(ApiRequest request, JsonNode body) {
        Kind kind = request.requiredKind();
        StoredObject before = store.get(kind, request.name());
        Version asked = request.version().isEmpty() ? before.latest() : before.find(request.version());
        if (asked == null) {
            throw new ServiceException(ServiceError.notFound(kind, request.name() + "/" + request.version()));
        }
        StoredObject after = store.change(
                kind, request.name(), object -> object.mapVersion(asked.id(), version -> changed(version, body)));
        return Answer.json(200, bodies.bundle(after, Objects.requireNonNull(after.find(asked.id()))));
    }

    Answer updatePolicy(ApiRequest request, JsonNode body) {
        String policy = Json.MAPPER.writeValueAsString(body);
        return Answer.json(
                200,
                bodies.policy(
                        store.change(Kind.CERTIFICATE, request.name(), certificate -> certificate.withPolicy(policy))));
    }

    private Answer added(ApiRequest request, Version version) {
        StoredObject object = store.addVersion(request.requiredKind(), request.name(), version);
        return Answer.json(200, bodies.bundle(object, object.latest()));
    }

    private StoredObject withPolicy(StoredObject certificate, JsonNode body) {
        if (!body.path("policy").isObject()) {
            return certificate;
        }
        String policy = Json.MAPPER.writeValueAsString(body.path("policy"));
        return store.change(Kind.CERTIFICATE, certificate.name(), one -> one.withPolicy(policy));
    }

    private Version changed(Version version, JsonNode body) {
        Version updated = attributed(version, body).updatedAt(store.now());
        return body.path("contentType").isString()
                ? updated.withContentType(body.path("contentType").asString())
                : updated;
    }

    private static Version attributed(Version version, JsonNode body) {
        JsonNode attributes = body.path("attributes");
        Version result = version;
        if (attributes.path("enabled").isBoolean()) {
            result = result.withEnabled(attributes.path("enabled").asBoolean());
        }
        if (attributes.path("exp").isNumber()) {
            result = result.withExpires(
                    Instant.ofEpochSecond(attributes.path("exp").asLong()));
        }
        if (attributes.path("nbf").isNumber()) {
            result = result.withNotBefore(
                    Instant.ofEpochSecond(attributes.path("nbf").asLong()));
        }
        if (body.path("tags").isObject()) {
            Map<String, String> tags = new HashMap<>();
            body.path("tags")
                    .properties()
                    .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString()));
            result = result.withTags(tags);
        }
        return result;
    }

    private static @Nullable String text(JsonNode body, String field) {
        return body.path(field).isString() ? body.path(field).asString() : null;
    }
}
