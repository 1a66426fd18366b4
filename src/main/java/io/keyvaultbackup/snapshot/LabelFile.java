package io.keyvaultbackup.snapshot;

import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The labels of one snapshot from one moment on, as JSON; docs/labels.md describes the format. It tells its own place, so that a copy of it
 * under another name (an old one made the newest, one snapshot's put beside another) is none, signed or not.
 *
 * @param vault its folder in the store
 * @param by who changed them, as far as the machine knew
 */
record LabelFile(String vault, String snapshot, int number, Labels labels, Instant changedAt, String by) {

    /** Raised when a reader of an older version could misunderstand a newer file. */
    static final int SCHEMA_VERSION = 1;

    static final int MOST_TAGS = 100;

    private static final String TYPE = "labels";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("schemaVersion", SCHEMA_VERSION);
            json.writeStringProperty("type", TYPE);
            json.writeStringProperty("vault", vault);
            json.writeStringProperty("snapshot", snapshot);
            json.writeNumberProperty("number", number);
            json.writeBooleanProperty("pinned", labels.pinned());
            json.writeArrayPropertyStart("tags");
            labels.tags().forEach(json::writeString);
            json.writeEndArray();
            json.writeStringProperty("changedAt", changedAt.toString());
            json.writeStringProperty("by", by);
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return bytes.toByteArray();
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with the rest of a sentence, if it is none or is of a newer version
     */
    static LabelFile parse(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (JacksonException broken) {
            throw new IllegalArgumentException("is damaged: it is no JSON", broken);
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("is damaged: it is no JSON object");
        }
        int version = json.path("schemaVersion").asInt(0);
        if (version > SCHEMA_VERSION) {
            throw new IllegalArgumentException(
                    "was written by a newer version of this program (schema " + version + ")");
        }
        boolean fits = version == SCHEMA_VERSION
                && json.path("type").asString("").equals(TYPE)
                && json.path("number").isInt()
                && json.path("pinned").isBoolean()
                && json.path("tags").isArray()
                && json.path("tags").size() <= MOST_TAGS;
        if (!fits) {
            throw new IllegalArgumentException("is damaged: its properties are not those of labels");
        }
        SortedSet<String> tags = new TreeSet<>();
        json.path("tags").forEach(tag -> tags.add(tag.asString("")));
        try {
            return new LabelFile(
                    json.path("vault").asString(""),
                    json.path("snapshot").asString(""),
                    json.path("number").intValue(),
                    new Labels(json.path("pinned").booleanValue(), tags),
                    Instant.parse(json.path("changedAt").asString("")),
                    json.path("by").asString(""));
        } catch (IllegalArgumentException | DateTimeException wrong) {
            throw new IllegalArgumentException("is damaged: " + wrong.getMessage(), wrong);
        }
    }

    /** Whether this is the file that its name says. */
    boolean isOf(SnapshotNames names, int its) {
        return vault.equals(names.vault()) && snapshot.equals(names.snapshot()) && number == its;
    }
}
