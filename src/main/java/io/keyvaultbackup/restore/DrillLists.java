package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreLedger;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What drills are about to restore, kept in the store before the first call: {@code {source}/reports/{snapshot}.drill.{id}.{execution}.list.json}.
 * A list without a note beside it that closes it is of a drill that did not end, so what is on it may be in the scratch vault still.
 */
final class DrillLists {

    private static final String SUFFIX = ".list.json";
    private static final String CLOSED = ".closed.json";
    private static final int LARGEST = 256 * 1024 * 1024;
    private static final JsonMapper JSON = new JsonMapper();

    private final BackupStore store;
    private final Patience patience;

    DrillLists(BackupStore store, Patience patience) {
        this.store = store;
        this.patience = patience;
    }

    /** The name of a drill's report, without its ending. */
    static String report(RestoreRequest request, String id, int execution) {
        return request.snapshot().vault() + "/reports/" + request.snapshot().id() + ".drill." + id + "." + execution;
    }

    /** Stores what is planned. */
    void store(RestoreLedger ledger, RestoreRequest request, String id, int execution) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("schemaVersion", 1);
            json.writeStringProperty("list", "drill");
            json.writeStringProperty("id", id);
            json.writeStringProperty("target", request.target().toString());
            json.writeStringProperty("manifest", request.snapshot().manifest().name());
            json.writeArrayPropertyStart("objects");
            ledger.forEach(id, RestoreOutcome.TO_DO, row -> {
                json.writeRaw('\n');
                json.writeStartObject();
                json.writeStringProperty("kind", row.id().kind().word());
                json.writeStringProperty("name", row.id().name());
                json.writeArrayPropertyStart("versions");
                (row.versions() == null ? List.<ObjectVersion>of() : row.versions())
                        .forEach(version -> json.writeString(version.id()));
                json.writeEndArray();
                json.writeEndObject();
            });
            json.writeEndArray();
            json.writeEndObject();
        }
        BlobContent content = BlobContent.of(bytes.toByteArray());
        patience.call(() -> store.put(report(request, id, execution) + SUFFIX, content, Map.of()));
    }

    /** What drills that did not end may have left in this vault: of each object the versions that were restored. */
    Map<ObjectId, Set<String>> unfinished(String source, VaultAddress scratch) {
        Map<ObjectId, Set<String>> left = new HashMap<>();
        open(source, scratch)
                .forEach(
                        (name, list) -> list.path("objects").forEach(object -> left.put(id(object), versions(object))));
        return left;
    }

    /**
     * Nothing of these drills is left in the vault, or what is there is somebody's now: no list of them is ever heeded again. For whoever holds the
     * vault.
     */
    void close(String source, VaultAddress scratch) {
        BlobContent note =
                BlobContent.of("{\"schemaVersion\":1,\"list\":\"closed\"}".getBytes(StandardCharsets.US_ASCII));
        for (String name : open(source, scratch).keySet()) {
            patience.call(() -> store.put(name.replace(SUFFIX, CLOSED), note, Map.of()));
        }
    }

    private Map<String, JsonNode> open(String source, VaultAddress scratch) {
        Set<String> names = patience.call(() -> {
            try (Stream<StoredBlob> blobs = store.listNames(source + "/reports/")) {
                return blobs.map(StoredBlob::name).collect(Collectors.toCollection(TreeSet::new));
            }
        });
        Map<String, JsonNode> open = new TreeMap<>();
        for (String name : names) {
            boolean ended = names.contains(name.replace(SUFFIX, CLOSED));
            if (name.endsWith(SUFFIX) && !ended) {
                JsonNode list = read(name);
                if (list.path("target").asString("").equals(scratch.toString())) {
                    open.put(name, list);
                }
            }
        }
        return open;
    }

    private static ObjectId id(JsonNode object) {
        return new ObjectId(
                ObjectKind.ofWord(object.path("kind").asString()),
                object.path("name").asString());
    }

    private static Set<String> versions(JsonNode object) {
        Set<String> versions = new TreeSet<>();
        object.path("versions").forEach(version -> versions.add(version.asString()));
        return versions;
    }

    private JsonNode read(String name) {
        return patience.call(() -> {
            try (InputStream input = store.open(name)) {
                return JSON.readTree(input.readNBytes(LARGEST));
            } catch (IOException | JacksonException broken) {
                throw new StoreException(
                        Failure.of(
                                FailureReason.STORE_UNAVAILABLE,
                                "the list of a drill, " + name + ", could not be read: " + broken.getMessage()),
                        broken);
            }
        });
    }
}
