package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.VaultObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a manifest as {@link ManifestWriter} writes it, object by object, so that memory does not grow with a vault. What it does not
 * know it passes over, as long as the schema's version is one that it knows.
 */
public final class ManifestReader {

    /** Each value is read out of a longer text. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int MOST_PROPERTIES = 1000;

    private ManifestReader() {}

    /**
     * Hands on the head, then each object. No more than one object is in memory at a time, and none that is longer than 1 MiB.
     *
     * @throws UnreadableManifestException if this is no manifest, is cut off, or is of a newer version
     * @throws UncheckedIOException if the input could not be read
     */
    public static void read(InputStream input, Consumer<ManifestHead> head, Consumer<LedgerObject> object) {
        readJson(
                input,
                json -> head.accept(head(json)),
                (json, execution, bytes) -> object.accept(object(json, execution)));
    }

    /**
     * The head alone; what follows it is not read.
     *
     * @throws UnreadableManifestException if this does not begin as a manifest, or is of a newer version
     * @throws UncheckedIOException if the input could not be read
     */
    public static ManifestHead head(InputStream input) {
        List<ManifestHead> heads = new ArrayList<>();
        parsing(input, (json, metered) -> heads.add(head(properties(json, metered))));
        return heads.getFirst();
    }

    /** What is done with each object; it is told how many bytes about that took. */
    interface JsonObject {
        void accept(JsonNode json, int execution, long bytes);
    }

    /** The same, for who looks at the JSON itself: the properties before the objects, then each object with the execution of the head. */
    static void readJson(InputStream input, Consumer<ObjectNode> head, JsonObject object) {
        parsing(input, (json, metered) -> {
            ObjectNode properties = properties(json, metered);
            head.accept(properties);
            int execution = properties.path("execution").asInt();
            expect(json.nextToken() == JsonToken.START_ARRAY, "its objects are no list");
            while (json.nextToken() == JsonToken.START_OBJECT) {
                JsonNode read = JSON.readTree(json);
                object.accept(read, execution, metered.used());
                metered.renew();
            }
            expect(json.currentToken() == JsonToken.END_ARRAY, "its objects are no list of objects");
            expect(json.nextToken() == JsonToken.END_OBJECT, "something follows its objects");
            expect(json.nextToken() == null, "something follows it");
        });
    }

    /** The head's properties; leaves the parser at the name of the objects. */
    private static ObjectNode properties(JsonParser json, MeteredInput metered) {
        ObjectNode properties = JSON.createObjectNode();
        expect(json.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
        for (int count = 0; json.nextToken() == JsonToken.PROPERTY_NAME; count++) {
            String name = json.currentName();
            if (name.equals("objects")) {
                return properties;
            }
            expect(count < MOST_PROPERTIES, "it has more than " + MOST_PROPERTIES + " properties");
            json.nextToken();
            properties.set(name, JSON.readTree(json));
            metered.renew();
        }
        throw new UnreadableManifestException("it has no objects", null);
    }

    private static void parsing(InputStream input, BiConsumer<JsonParser, MeteredInput> reading) {
        MeteredInput metered = new MeteredInput(input);
        try (JsonParser json = JSON.createParser(metered)) {
            reading.accept(json, metered);
        } catch (JacksonIOException unread) {
            throw new UncheckedIOException(unread.getCause());
        } catch (JacksonException broken) {
            throw new UnreadableManifestException(String.valueOf(broken.getOriginalMessage()), broken);
        } catch (IllegalArgumentException | DateTimeException broken) {
            throw new UnreadableManifestException(String.valueOf(broken.getMessage()), broken);
        }
    }

    /**
     * The same of a manifest in a store.
     *
     * @throws StoreException if the store did not give it, or broke off
     */
    public static void read(
            BackupStore store, StoredManifest manifest, Consumer<ManifestHead> head, Consumer<LedgerObject> object) {
        try (InputStream input = manifest.open(store)) {
            read(input, head, object);
        } catch (IOException | UncheckedIOException failed) {
            throw unread(manifest.name(), failed);
        }
    }

    /**
     * The head alone of a manifest in a store.
     *
     * @throws UnreadableManifestException if it does not begin as a manifest, or is of a newer version
     * @throws StoreException if the store did not give it, or broke off
     */
    public static ManifestHead head(BackupStore store, StoredManifest manifest) {
        try (InputStream input = manifest.open(store)) {
            return head(input);
        } catch (IOException | UncheckedIOException failed) {
            throw unread(manifest.name(), failed);
        }
    }

    private static StoreException unread(String name, Exception failed) {
        return new StoreException(
                Failure.of(
                        FailureReason.STORE_UNAVAILABLE,
                        "the manifest " + name + " could not be read: " + failed.getMessage()),
                failed);
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new UnreadableManifestException(otherwise, null);
        }
    }

    static ManifestHead head(ObjectNode json) {
        int version = json.path("schemaVersion").asInt(0);
        expect(version >= 1, "it has no schemaVersion");
        expect(
                version <= ManifestWriter.SCHEMA_VERSION,
                "its schemaVersion is " + version + ", of a newer version of this program than this one");
        JsonNode selection = json.path("selection");
        Set<ObjectKind> kinds = EnumSet.noneOf(ObjectKind.class);
        strings(selection.path("kinds")).forEach(word -> kinds.add(ObjectKind.ofWord(word)));
        RunRequest request = new RunRequest(
                VaultAddress.parse(json.path("vault").asString()),
                time(json, "scheduledFor"),
                new Selection(kinds, strings(selection.path("include")), strings(selection.path("exclude"))),
                json.path("full").asBoolean(false));
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        json.path("counts").forEachEntry((outcome, count) -> counts.put(Outcome.valueOf(outcome), count.asLong()));
        List<Listing> listings = new ArrayList<>();
        for (JsonNode listing : json.path("listings")) {
            listings.add(new Listing(
                    ObjectKind.ofWord(listing.path("kind").asString()),
                    listing.path("objects").asLong(),
                    failure(listing)));
        }
        return new ManifestHead(
                request,
                json.path("execution").asInt(),
                time(json, "startedAt"),
                time(json, "sealedAt"),
                new VaultPlace(text(json, "subscription"), text(json, "geography")),
                json.path("complete").asBoolean(),
                timeOrNull(json, "consistentAsOf"),
                moving(json),
                json.path("movingCount").asLong(0),
                chain(json.path("chain")),
                listings,
                counts,
                timeOrNull(json, "immutableUntil"));
    }

    private static List<Moving> moving(JsonNode json) {
        List<Moving> moving = new ArrayList<>();
        for (JsonNode object : json.path("moving")) {
            moving.add(new Moving(
                    id(object), Moving.Change.ofWord(object.path("change").asString())));
        }
        return moving;
    }

    private static ObjectId id(JsonNode json) {
        return new ObjectId(
                ObjectKind.ofWord(json.path("kind").asString()),
                json.path("name").asString());
    }

    private static ChainLink chain(JsonNode json) {
        return json.isMissingNode()
                ? ChainLink.NONE
                : new ChainLink(json.path("number").asLong(), text(json, "previous"), text(json, "sha256"));
    }

    static LedgerObject object(JsonNode json, int execution) {
        ObjectId id = id(json);
        JsonNode token = json.path("token");
        Map<String, String> tags = new TreeMap<>();
        token.path("tags").forEachEntry((tag, value) -> tags.put(tag, value.asString()));
        ChangeToken state = new ChangeToken(
                timeOrNull(token, "created"),
                timeOrNull(token, "updated"),
                token.path("enabled").asBoolean(),
                timeOrNull(token, "notBefore"),
                timeOrNull(token, "expires"),
                tags,
                text(token, "contentType"));
        ObjectResult result = new ObjectResult(
                id, Outcome.valueOf(json.path("outcome").asString()), 0, versions(json), blob(json), failure(json));
        return new LedgerObject(
                new VaultObject(id, state, json.path("managed").asBoolean(false)),
                timeOrNull(token, "readAt"),
                execution,
                result);
    }

    private static @Nullable List<ObjectVersion> versions(JsonNode json) {
        if (!json.has("versions")) {
            return null;
        }
        List<ObjectVersion> versions = new ArrayList<>();
        for (JsonNode version : json.path("versions")) {
            versions.add(new ObjectVersion(
                    version.path("id").asString(),
                    version.path("enabled").asBoolean(),
                    timeOrNull(version, "created"),
                    timeOrNull(version, "expires")));
        }
        return versions;
    }

    private static ObjectResult.@Nullable Blob blob(JsonNode json) {
        return json.has("blob")
                ? new ObjectResult.Blob(
                        json.path("blob").asString(),
                        text(json, "blobVersion"),
                        json.path("size").asLong(),
                        json.path("sha256").asString(),
                        time(json, "callBegan"),
                        timeOrNull(json, "calledAfter"))
                : null;
    }

    private static @Nullable Failure failure(JsonNode json) {
        JsonNode failure = json.path("failure");
        return failure.isMissingNode()
                ? null
                : new Failure(
                        reason(failure.path("reason").asString()),
                        failure.path("status").asInt(0),
                        text(failure, "code"),
                        failure.path("message").asString(""),
                        text(failure, "requestId"),
                        null);
    }

    /** A reason that a newer version knows is told by its message. */
    private static FailureReason reason(String name) {
        try {
            return FailureReason.valueOf(name);
        } catch (IllegalArgumentException newer) {
            return FailureReason.UNKNOWN;
        }
    }

    private static List<String> strings(JsonNode list) {
        List<String> strings = new ArrayList<>();
        list.forEach(text -> strings.add(text.asString()));
        return strings;
    }

    private static Instant time(JsonNode json, String name) {
        return ManifestTimes.parse(json.path(name).asString());
    }

    private static @Nullable Instant timeOrNull(JsonNode json, String name) {
        return json.has(name) ? time(json, name) : null;
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.has(name) ? json.path(name).asString() : null;
    }
}
