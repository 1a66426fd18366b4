package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.launch.ToolVersion;
import io.keyvaultbackup.run.SnapshotId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The note that stands in the chain for a manifest that was removed, so that the removal of another one is seen. docs/manifest.md describes its
 * form.
 *
 * @param vault the folder of the vault
 * @param manifest the name that the manifest had
 * @param size of the manifest, in bytes
 * @param sha256 of the manifest's bytes
 * @param chain the place that the manifest has in the chain
 * @param complete whether every object of the snapshot was done
 * @param policy by which it was forgotten, for people
 */
public record Tombstone(
        String vault,
        SnapshotId snapshot,
        int execution,
        String manifest,
        long size,
        String sha256,
        ChainLink chain,
        boolean complete,
        Instant forgottenAt,
        String policy) {

    static final int SCHEMA_VERSION = 1;

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** As it is kept in the store. */
    public byte[] bytes() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schemaVersion", SCHEMA_VERSION);
        json.put("vault", vault);
        json.put("snapshot", snapshot.value());
        json.put("execution", execution);
        json.put("tool", Map.of("name", "keyvault-backup", "version", ToolVersion.current()));
        json.put("manifest", manifest);
        json.put("size", size);
        json.put("sha256", sha256);
        if (chain.number() > 0) {
            Map<String, @Nullable Object> link = new LinkedHashMap<>();
            link.put("number", chain.number());
            if (chain.previous() != null) {
                link.put("previous", chain.previous());
                link.put("sha256", chain.sha256());
            }
            json.put("chain", link);
        }
        json.put("complete", complete);
        json.put("forgottenAt", forgottenAt.toString());
        json.put("policy", policy);
        return JSON.writeValueAsBytes(json);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with a sentence for people, if it is none, or of a newer version
     */
    public static Tombstone of(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            int version = json.path("schemaVersion").asInt(0);
            if (version < 1 || version > SCHEMA_VERSION) {
                throw new IllegalArgumentException("its schemaVersion is " + version + ", and not " + SCHEMA_VERSION);
            }
            JsonNode chain = json.path("chain");
            Tombstone read = new Tombstone(
                    json.path("vault").asString(),
                    new SnapshotId(json.path("snapshot").asString()),
                    json.path("execution").asInt(),
                    json.path("manifest").asString(),
                    json.path("size").asLong(),
                    json.path("sha256").asString(),
                    chain.isMissingNode()
                            ? ChainLink.NONE
                            : new ChainLink(
                                    chain.path("number").asLong(), text(chain, "previous"), text(chain, "sha256")),
                    json.path("complete").asBoolean(),
                    Instant.parse(json.path("forgottenAt").asString()),
                    json.path("policy").asString(""));
            if (!SHA_256.matcher(read.sha256).matches()
                    || !new SnapshotNames(read.vault, read.snapshot.value())
                            .manifest(read.execution)
                            .equals(read.manifest)) {
                throw new IllegalArgumentException("what it says of its manifest does not fit together");
            }
            return read;
        } catch (JacksonException | DateTimeException broken) {
            throw new IllegalArgumentException("it can not be read: " + broken.getMessage(), broken);
        }
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.has(name) ? json.path(name).asString() : null;
    }

    /** Its own name in the store. */
    public String name() {
        return new SnapshotNames(vault, snapshot.value()).tombstone(execution);
    }
}
