package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.launch.ToolVersion;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a manifest as JSON, object by object, so that memory does not grow with a vault. The same input gives the same bytes:
 * properties in a fixed order, tags sorted, UTC times, a newline after each object. docs/manifest.md describes the format.
 */
public final class ManifestWriter implements AutoCloseable {

    /** Raised when a reader of an older version could misunderstand a newer manifest. */
    public static final int SCHEMA_VERSION = 1;

    private static final JsonMapper JSON = new JsonMapper();

    private final JsonGenerator json;

    /** Writes the head and begins the list of objects. The stream is closed with this writer. */
    public ManifestWriter(OutputStream output, ManifestHead head) {
        json = JSON.createGenerator(output);
        json.writeStartObject();
        json.writeNumberProperty("schemaVersion", SCHEMA_VERSION);
        json.writeStringProperty("snapshot", head.request().snapshot().value());
        json.writeNumberProperty("execution", head.execution());
        json.writeStringProperty("vault", head.request().vault().toString());
        string("subscription", head.place().subscription());
        string("geography", head.place().geography());
        json.writeObjectPropertyStart("tool");
        json.writeStringProperty("name", "keyvault-backup");
        json.writeStringProperty("version", ToolVersion.current());
        json.writeEndObject();
        time("scheduledFor", head.request().scheduledFor());
        time("startedAt", head.startedAt());
        time("sealedAt", head.sealedAt());
        json.writeBooleanProperty("complete", head.complete());
        time("consistentAsOf", head.consistentAsOf());
        moving(head);
        if (head.request().full()) {
            json.writeBooleanProperty("full", true);
        }
        time("immutableUntil", head.immutableUntil());
        chain(head.chain());
        json.writeObjectPropertyStart("selection");
        strings(
                "kinds",
                head.request().selection().kinds().stream()
                        .sorted()
                        .map(ObjectKind::word)
                        .toList());
        strings("include", head.request().selection().include());
        strings("exclude", head.request().selection().exclude());
        json.writeEndObject();
        json.writeObjectPropertyStart("counts");
        new TreeMap<>(head.counts()).forEach((outcome, count) -> json.writeNumberProperty(outcome.name(), count));
        json.writeEndObject();
        json.writeArrayPropertyStart("listings");
        head.listings().forEach(this::listing);
        json.writeEndArray();
        json.writeArrayPropertyStart("objects");
    }

    private void moving(ManifestHead head) {
        if (head.movingCount() > 0) {
            json.writeNumberProperty("movingCount", head.movingCount());
            json.writeArrayPropertyStart("moving");
            for (Moving object : head.moving()) {
                json.writeStartObject();
                json.writeStringProperty("kind", object.id().kind().word());
                json.writeStringProperty("name", object.id().name());
                json.writeStringProperty("change", object.change().word());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private void chain(ChainLink link) {
        if (link.number() > 0) {
            json.writeObjectPropertyStart("chain");
            json.writeNumberProperty("number", link.number());
            string("previous", link.previous());
            string("sha256", link.sha256());
            json.writeEndObject();
        }
    }

    private void listing(Listing listing) {
        json.writeStartObject();
        json.writeStringProperty("kind", listing.kind().word());
        json.writeNumberProperty("objects", listing.objects());
        failure(listing.failure());
        json.writeEndObject();
    }

    /** Writes the next object. */
    public void write(LedgerObject row) {
        ObjectResult result = row.result();
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringProperty("kind", result.id().kind().word());
        json.writeStringProperty("name", result.id().name());
        json.writeStringProperty("outcome", result.outcome().name());
        if (row.object().managed()) {
            json.writeBooleanProperty("managed", true);
        }
        token(row.object().token(), row.readAt());
        if (result.versions() != null) {
            json.writeArrayPropertyStart("versions");
            result.versions().forEach(this::version);
            json.writeEndArray();
        }
        ObjectResult.Blob blob = result.blob();
        if (blob != null && (result.outcome() == Outcome.BACKED_UP || result.outcome() == Outcome.UNCHANGED)) {
            json.writeNumberProperty("size", blob.size());
            json.writeStringProperty("sha256", blob.sha256());
            json.writeStringProperty("blob", blob.name());
            if (blob.version() != null) {
                json.writeStringProperty("blobVersion", blob.version());
            }
            time("callBegan", blob.callBegan());
            time("calledAfter", blob.calledAfter());
        }
        failure(result.failure());
        json.writeEndObject();
    }

    private void token(ChangeToken token, @Nullable Instant readAt) {
        json.writeObjectPropertyStart("token");
        time("created", token.created());
        time("updated", token.updated());
        json.writeBooleanProperty("enabled", token.enabled());
        time("notBefore", token.notBefore());
        time("expires", token.expires());
        if (!token.tags().isEmpty()) {
            json.writeObjectPropertyStart("tags");
            for (Map.Entry<String, String> tag : new TreeMap<>(token.tags()).entrySet()) {
                json.writeStringProperty(tag.getKey(), tag.getValue());
            }
            json.writeEndObject();
        }
        string("contentType", token.contentType());
        time("readAt", readAt);
        json.writeEndObject();
    }

    private void version(ObjectVersion version) {
        json.writeStartObject();
        json.writeStringProperty("id", version.id());
        json.writeBooleanProperty("enabled", version.enabled());
        time("created", version.created());
        time("expires", version.expires());
        json.writeEndObject();
    }

    private void failure(@Nullable Failure failure) {
        if (failure == null) {
            return;
        }
        json.writeObjectPropertyStart("failure");
        json.writeStringProperty("reason", failure.reason().name());
        if (failure.status() != 0) {
            json.writeNumberProperty("status", failure.status());
        }
        string("code", failure.code());
        string("message", failure.message());
        string("requestId", failure.requestId());
        json.writeEndObject();
    }

    private void time(String name, @Nullable Instant time) {
        string(name, time == null ? null : time.toString());
    }

    private void string(String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }

    private void strings(String name, Iterable<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    /** Ends the manifest. */
    @Override
    public void close() {
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
    }
}
