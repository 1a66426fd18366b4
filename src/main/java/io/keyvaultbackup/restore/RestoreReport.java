package io.keyvaultbackup.restore;

import io.keyvaultbackup.launch.ToolVersion;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.run.Deviation;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.Failure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a restore came to, for the file: the same as JSON and as a text. Drafted in temporary files, some 200 bytes for each object, which are gone
 * once it is closed. docs/restore.md describes the form.
 */
final class RestoreReport implements AutoCloseable {

    private static final int SCHEMA_VERSION = 1;
    private static final JsonMapper JSON = new JsonMapper();
    private static final double MILLIS = 1000.0;

    /**
     * What stands above the objects.
     *
     * @param kind {@code restore} or {@code drill}
     * @param manifestSha256 of the manifest that it was made from, as it was read
     * @param more what only a drill tells, in this order
     */
    record Head(
            String kind,
            String id,
            int execution,
            RestoreRequest request,
            String manifestSha256,
            RestoreStatus status,
            Instant startedAt,
            Instant endedAt,
            Map<RestoreOutcome, Long> counts,
            long deviating,
            List<String> notInSnapshot,
            Map<String, Object> more) {}

    private final Head head;
    private final Path jsonFile = Files.createTempFile("keyvault-backup-report", ".json");
    private final Path textFile = Files.createTempFile("keyvault-backup-report", ".txt");
    private final JsonGenerator json = JSON.createGenerator(Files.newOutputStream(jsonFile));
    private final PrintStream text =
            new PrintStream(new BufferedOutputStream(Files.newOutputStream(textFile)), false, StandardCharsets.UTF_8);

    /** @throws IOException if there is no room for it; adding and ending may throw Jackson's own as well */
    RestoreReport(Head head) throws IOException {
        this.head = head;
        beginJson();
        beginText();
    }

    private void beginJson() {
        json.writeStartObject();
        json.writeNumberProperty("schemaVersion", SCHEMA_VERSION);
        json.writeStringProperty("report", head.kind());
        json.writeStringProperty("id", head.id());
        json.writeNumberProperty("execution", head.execution());
        json.writeStringProperty("status", head.status().name());
        json.writeStringProperty("source", head.request().snapshot().vault());
        json.writeStringProperty("snapshot", head.request().snapshot().id().value());
        json.writeStringProperty(
                "manifest", head.request().snapshot().manifest().name());
        json.writeStringProperty("manifestSha256", head.manifestSha256());
        json.writeStringProperty("target", head.request().target().toString());
        json.writeStringProperty("selection", head.request().selection().canonical());
        json.writeStringProperty("onConflict", head.request().onConflict().name());
        json.writeBooleanProperty("recoverDeleted", head.request().recoverDeleted());
        json.writeStringProperty("tool", "keyvault-backup " + ToolVersion.current());
        json.writeStringProperty("startedAt", head.startedAt().toString());
        json.writeStringProperty("endedAt", head.endedAt().toString());
        json.writeObjectPropertyStart("counts");
        new TreeMap<>(head.counts()).forEach((outcome, count) -> json.writeNumberProperty(outcome.name(), count));
        json.writeEndObject();
        json.writeNumberProperty("deviating", head.deviating());
        json.writeArrayPropertyStart("notInSnapshot");
        head.notInSnapshot().forEach(json::writeString);
        json.writeEndArray();
        head.more().forEach((name, value) -> json.writePOJOProperty(name, value));
        json.writeArrayPropertyStart("objects");
    }

    private void beginText() {
        text.printf(Locale.ROOT, "keyvault-backup %s: %s of a snapshot%n", ToolVersion.current(), head.kind());
        text.println();
        text.printf(Locale.ROOT, "Result     %s%n", head.status());
        text.printf(
                Locale.ROOT,
                "Snapshot   %s of %s%n",
                head.request().snapshot().id(),
                head.request().snapshot().vault());
        text.printf(
                Locale.ROOT,
                "Manifest   %s%n",
                head.request().snapshot().manifest().name());
        text.printf(Locale.ROOT, "SHA-256    %s%n", head.manifestSha256());
        text.printf(Locale.ROOT, "Target     %s%n", head.request().target());
        text.printf(Locale.ROOT, "Selection  %s%n", head.request().selection().canonical());
        text.printf(Locale.ROOT, "Begun      %s%n", head.startedAt());
        text.printf(Locale.ROOT, "Ended      %s%n", head.endedAt());
        text.printf(Locale.ROOT, "Restore    %s, execution %d%n", head.id(), head.execution());
        head.more().forEach((name, value) -> text.printf(Locale.ROOT, "%-10s %s%n", name, clean(value)));
        text.println();
        new TreeMap<>(head.counts())
                .forEach((outcome, count) -> text.printf(Locale.ROOT, "%,9d  %s%n", count, outcome.words()));
        text.printf(Locale.ROOT, "%,9d  not as in the snapshot%n", head.deviating());
        head.notInSnapshot()
                .forEach(name -> text.printf(Locale.ROOT, "           not in the snapshot: %s%n", clean(name)));
        text.println();
        text.printf(
                Locale.ROOT,
                "Compared: that it is there, its versions and their ids, enabled, times of validity, tags, content type.%n");
        text.println();
    }

    /** Adds the next object. */
    void add(RestoreRow row) {
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringProperty("kind", row.id().kind().word());
        json.writeStringProperty("name", row.id().name());
        json.writeStringProperty("outcome", row.outcome().name());
        if (row.versions() != null) {
            json.writeNumberProperty("versions", row.versions().size());
        }
        @Nullable Long millis = row.millis();
        if (millis != null) {
            json.writeNumberProperty("seconds", millis / MILLIS);
        }
        if (row.why() != null) {
            json.writeStringProperty("why", row.why());
        }
        @Nullable Failure failure = row.failure();
        if (failure != null) {
            json.writeStringProperty("reason", failure.reason().name());
            json.writeStringProperty("message", failure.describe());
        }
        if (!row.deviations().isEmpty()) {
            json.writePOJOProperty("deviations", row.deviations());
        }
        json.writeEndObject();
        text.printf(
                Locale.ROOT,
                "%-18s %s%s%s%n",
                row.outcome().words(),
                row.id(),
                row.versions() == null ? "" : "  versions " + row.versions().size(),
                millis == null ? "" : String.format(Locale.ROOT, "  %.3f s", millis / MILLIS));
        if (row.why() != null) {
            text.printf(Locale.ROOT, "    %s%n", clean(row.why()));
        }
        if (failure != null) {
            text.printf(Locale.ROOT, "    %s: %s%n", failure.reason().words(), clean(failure.describe()));
        }
        for (Deviation deviation : row.deviations()) {
            text.printf(Locale.ROOT, "    %s%n", clean(deviation));
        }
    }

    /** Tags and the words of others may hold what ends a line, or steers a terminal. */
    private static String clean(Object value) {
        return value.toString().replaceAll("\\p{Cntrl}", " ");
    }

    /** Nothing can be added then. */
    void end() throws IOException {
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
        Duration took = Duration.between(head.startedAt(), head.endedAt());
        text.println();
        text.printf(Locale.ROOT, "Took %.1f s.%n", took.toMillis() / MILLIS);
        text.close();
        if (text.checkError()) { // it says no more
            throw new IOException(textFile + " could not be written");
        }
    }

    /** All of it, once it has ended, until it is closed. */
    Path json() {
        return jsonFile;
    }

    /** The same, for people. */
    Path text() {
        return textFile;
    }

    @Override
    public void close() throws IOException {
        text.close();
        try {
            json.close();
        } finally {
            Files.deleteIfExists(jsonFile);
            Files.deleteIfExists(textFile);
        }
    }
}
