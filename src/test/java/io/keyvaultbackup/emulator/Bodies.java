package io.keyvaultbackup.emulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The service's JSON for objects: items of a listing and whole objects, live and deleted. Times are whole seconds. */
final class Bodies {

    private static final Duration RETENTION = Duration.ofDays(90);

    private final URI vault;
    private final String recoveryLevel;

    Bodies(URI vault, boolean purgeProtection) {
        this.vault = vault;
        this.recoveryLevel = purgeProtection ? "Recoverable" : "Recoverable+Purgeable";
    }

    /** An item of a listing: the id without version, the attributes of the latest one. */
    Map<String, Object> item(StoredObject object) {
        return item(object, object.latest(), id(object.kind(), object.name(), null));
    }

    /** An item of a listing of versions. */
    Map<String, Object> versionItem(StoredObject object, Version version) {
        return item(object, version, id(object.kind(), object.name(), version.id()));
    }

    Map<String, Object> deletedItem(DeletedObject deleted) {
        return withDeletion(item(deleted.object()), deleted);
    }

    Map<String, Object> deletedBundle(DeletedObject deleted) {
        Map<String, Object> bundle = bundle(deleted.object(), deleted.object().latest());
        bundle.remove("value");
        return withDeletion(bundle, deleted);
    }

    /** A version of an object with everything that a read of it gives. */
    Map<String, Object> bundle(StoredObject object, Version version) {
        return switch (object.kind()) {
            case SECRET -> secret(object, version);
            case KEY -> key(object, version);
            case CERTIFICATE -> certificate(object, version);
        };
    }

    Map<String, Object> operation(StoredObject certificate) {
        Map<String, Object> body = new LinkedHashMap<>();
        String id = id(Kind.CERTIFICATE, certificate.name(), null);
        body.put("id", id + "/pending");
        body.put("issuer", Map.of("name", "Self"));
        body.put(
                "csr",
                Base64.getEncoder().encodeToString(certificate.latest().id().getBytes(StandardCharsets.US_ASCII)));
        body.put("cancellation_requested", false);
        body.put("status", "completed");
        body.put("target", id);
        body.put("request_id", certificate.latest().id());
        return body;
    }

    Object policy(StoredObject certificate) {
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("id", id(Kind.CERTIFICATE, certificate.name(), null) + "/policy");
        String stored = certificate.policy();
        if (stored != null) {
            Json.MAPPER.readTree(stored).properties().forEach(part -> policy.put(part.getKey(), part.getValue()));
            return policy;
        }
        policy.put("key_props", Map.of("exportable", true, "kty", "RSA", "key_size", 2048, "reuse_key", false));
        policy.put("secret_props", Map.of("contentType", "application/x-pkcs12"));
        policy.put("x509_props", Map.of("subject", "CN=" + certificate.name(), "validity_months", 12));
        policy.put("issuer", Map.of("name", "Self"));
        return policy;
    }

    String id(Kind kind, String name, @Nullable String version) {
        return vault + "/" + kind.collection() + "/" + name + (version == null ? "" : "/" + version);
    }

    private Map<String, Object> item(StoredObject object, Version version, String id) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put(object.kind() == Kind.KEY ? "kid" : "id", id);
        if (object.kind() == Kind.CERTIFICATE) {
            item.put("x5t", Materials.thumbprint(Materials.certificate(object.name(), version)));
        }
        if (object.kind() == Kind.SECRET) {
            putUnlessNull(item, "contentType", version.contentType());
        }
        return withCommon(item, object, version);
    }

    private Map<String, Object> secret(StoredObject object, Version version) {
        Map<String, Object> body = new LinkedHashMap<>();
        String value = version.material();
        if (value == null) {
            value = Base64.getEncoder().encodeToString(Materials.certificate(object.name(), version));
        }
        body.put("value", value);
        putUnlessNull(body, "contentType", version.contentType());
        body.put("id", id(Kind.SECRET, object.name(), version.id()));
        if (object.managed()) {
            body.put("kid", id(Kind.KEY, object.name(), version.id()));
        }
        return withCommon(body, object, version);
    }

    private Map<String, Object> key(StoredObject object, Version version) {
        Map<String, Object> key = new LinkedHashMap<>();
        key.put("kid", id(Kind.KEY, object.name(), version.id()));
        String imported = version.material();
        if (imported != null) {
            Json.MAPPER.readTree(imported).properties().forEach(part -> key.put(part.getKey(), part.getValue()));
        } else {
            KeyType type = version.keyType();
            key.putAll(Materials.publicKey(version, type == null ? KeyType.RSA_2048 : type));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("key", key);
        return withCommon(body, object, version);
    }

    private Map<String, Object> certificate(StoredObject object, Version version) {
        byte[] certificate = Materials.certificate(object.name(), version);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", id(Kind.CERTIFICATE, object.name(), version.id()));
        body.put("kid", id(Kind.KEY, object.name(), version.id()));
        body.put("sid", id(Kind.SECRET, object.name(), version.id()));
        body.put("x5t", Materials.thumbprint(certificate));
        body.put("cer", Base64.getEncoder().encodeToString(certificate));
        body.put("policy", policy(object));
        return withCommon(body, object, version);
    }

    private Map<String, Object> withCommon(Map<String, Object> body, StoredObject object, Version version) {
        body.put("attributes", attributes(version));
        if (!version.tags().isEmpty()) {
            body.put("tags", version.tags());
        }
        if (object.managed()) {
            body.put("managed", true);
        }
        return body;
    }

    private Map<String, Object> withDeletion(Map<String, Object> body, DeletedObject deleted) {
        StoredObject object = deleted.object();
        body.put("recoveryId", vault + "/deleted" + object.kind().collection() + "/" + object.name());
        body.put("deletedDate", deleted.deletedAt().getEpochSecond());
        body.put("scheduledPurgeDate", deleted.deletedAt().plus(RETENTION).getEpochSecond());
        return body;
    }

    private Map<String, Object> attributes(Version version) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("enabled", version.enabled());
        putUnlessNull(attributes, "nbf", seconds(version.notBefore()));
        putUnlessNull(attributes, "exp", seconds(version.expires()));
        attributes.put("created", version.created().getEpochSecond());
        attributes.put("updated", version.updated().getEpochSecond());
        attributes.put("recoveryLevel", recoveryLevel);
        attributes.put("recoverableDays", RETENTION.toDays());
        return attributes;
    }

    private static @Nullable Long seconds(@Nullable Instant instant) {
        return instant == null ? null : instant.getEpochSecond();
    }

    private static void putUnlessNull(Map<String, Object> body, String field, @Nullable Object value) {
        if (value != null) {
            body.put(field, value);
        }
    }
}
