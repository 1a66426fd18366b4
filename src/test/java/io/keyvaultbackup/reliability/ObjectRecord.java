package io.keyvaultbackup.reliability;

import io.keyvaultbackup.emulator.EmulatedObject;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the manifest or the ledger tells of one object.
 *
 * @param token what the listing said of it, field by field
 * @param versions their ids, sorted; null if they are not told
 */
record ObjectRecord(
        String kind,
        String name,
        boolean managed,
        String outcome,
        SortedMap<String, Object> token,
        SortedMap<String, String> tags,
        @Nullable List<String> versions,
        @Nullable Long size,
        @Nullable String sha256,
        @Nullable String blob,
        @Nullable Instant callBegan,
        @Nullable String reason) {

    private static final JsonMapper JSON = new JsonMapper();

    String id() {
        return kind + "/" + name;
    }

    static ObjectRecord of(JsonNode entry) {
        JsonNode token = entry.path("token");
        return new ObjectRecord(
                entry.path("kind").asString(),
                entry.path("name").asString(),
                entry.path("managed").asBoolean(false),
                entry.path("outcome").asString(),
                token(
                        instant(token.path("created")),
                        instant(token.path("updated")),
                        token.path("enabled").asBoolean(),
                        instant(token.path("notBefore")),
                        instant(token.path("expires")),
                        text(token.path("contentType"))),
                tags(token.path("tags")),
                ids(entry.path("versions")),
                entry.has("size") ? entry.path("size").asLong() : null,
                text(entry.path("sha256")),
                text(entry.path("blob")),
                instant(entry.path("callBegan")),
                text(entry.path("failure").path("reason")));
    }

    static ObjectRecord of(ResultSet row) throws SQLException {
        String versions = row.getString("versions");
        long size = row.getLong("size");
        boolean sized = !row.wasNull();
        return new ObjectRecord(
                row.getString("kind").toLowerCase(Locale.ROOT),
                row.getString("name"),
                row.getBoolean("managed"),
                row.getString("outcome"),
                token(
                        instant(row, "created"),
                        instant(row, "updated"),
                        row.getBoolean("enabled"),
                        instant(row, "not_before"),
                        instant(row, "expires"),
                        row.getString("content_type")),
                tags(JSON.readTree(row.getString("tags"))),
                versions == null ? null : ids(JSON.readTree(versions)),
                sized ? size : null,
                row.getString("sha256"),
                row.getString("blob"),
                instant(row, "call_began"),
                row.getString("reason"));
    }

    private static SortedMap<String, Object> token(
            @Nullable Instant created,
            @Nullable Instant updated,
            boolean enabled,
            @Nullable Instant notBefore,
            @Nullable Instant expires,
            @Nullable String contentType) {
        SortedMap<String, Object> token = new TreeMap<>();
        token.put("created", String.valueOf(created));
        token.put("updated", String.valueOf(updated));
        token.put("enabled", enabled);
        token.put("notBefore", String.valueOf(notBefore));
        token.put("expires", String.valueOf(expires));
        if (contentType != null) {
            token.put("contentType", contentType);
        }
        return token;
    }

    /** As the blob's metadata has it: a public interface, so it is spelled out here once more. */
    String tokensSha256() {
        StringBuilder text = new StringBuilder();
        for (String field : List.of("created", "updated", "enabled", "notBefore", "expires")) {
            text.append(token.get(field)).append('\n');
        }
        tags.forEach((tag, value) -> text.append(tag.length())
                .append(':')
                .append(tag)
                .append(value.length())
                .append(':')
                .append(value));
        if (token.containsKey("contentType")) {
            text.append('\n').append(token.get("contentType"));
        }
        return BlobCheck.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** In which fields another record of the same object differs. */
    List<String> differencesTo(ObjectRecord other) {
        List<String> differences = new ArrayList<>();
        difference("managed", managed, other.managed, differences);
        difference("outcome", outcome, other.outcome, differences);
        difference("token", token, other.token, differences);
        difference("tags", tags, other.tags, differences);
        difference("versions", versions, other.versions, differences);
        difference("size", size, other.size, differences);
        difference("sha256", sha256, other.sha256, differences);
        difference("blob", blob, other.blob, differences);
        difference("callBegan", callBegan, other.callBegan, differences);
        difference("reason", reason, other.reason, differences);
        return differences;
    }

    /** In what the vault's own object differs. */
    List<String> differencesTo(EmulatedObject truth) {
        List<String> differences = new ArrayList<>();
        difference("managed", managed, truth.managed(), differences);
        SortedMap<String, Object> current = token(
                seconds(truth.created()),
                seconds(truth.updated()),
                truth.enabled(),
                seconds(truth.notBefore()),
                seconds(truth.expires()),
                truth.contentType());
        difference("token", token, current, differences);
        difference("tags", tags, truth.tags(), differences);
        if (versions != null) {
            difference("versions", versions, truth.versions().stream().sorted().toList(), differences);
        }
        return differences;
    }

    private static void difference(
            String what, @Nullable Object one, @Nullable Object other, List<String> differences) {
        if (!Objects.equals(one, other)) {
            differences.add(what + " " + one + " and " + other);
        }
    }

    /** The service tells whole seconds. */
    private static @Nullable Instant seconds(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable Instant instant(JsonNode node) {
        return node.isString() ? Instant.parse(node.asString()) : null;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.asString() : null;
    }

    private static SortedMap<String, String> tags(JsonNode node) {
        SortedMap<String, String> tags = new TreeMap<>();
        node.forEachEntry((name, value) -> tags.put(name, value.asString()));
        return tags;
    }

    private static @Nullable List<String> ids(JsonNode versions) {
        return versions.isArray()
                ? versions.valueStream()
                        .map(version -> version.path("id").asString())
                        .sorted()
                        .toList()
                : null;
    }
}
