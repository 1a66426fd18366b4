package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Between the ledger's columns and its values. */
final class Rows {

    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectReader STRINGS = JSON.readerFor(new TypeReference<List<String>>() {});
    private static final ObjectReader TAGS = JSON.readerFor(new TypeReference<Map<String, String>>() {});
    private static final ObjectReader VERSIONS = JSON.readerFor(new TypeReference<List<ObjectVersion>>() {});

    private Rows() {}

    /** As databases keep it, who would round: what is read again is never later than it was. */
    static OffsetDateTime time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    static @Nullable OffsetDateTime timeOrNull(@Nullable Instant instant) {
        return instant == null ? null : time(instant);
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static String json(Object value) {
        return JSON.writeValueAsString(value);
    }

    static List<String> strings(String json) {
        return STRINGS.readValue(json);
    }

    static ObjectId id(ResultSet row) throws SQLException {
        return new ObjectId(ObjectKind.valueOf(row.getString("kind")), row.getString("name"));
    }

    static ChangeToken token(ResultSet row) throws SQLException {
        return new ChangeToken(
                instant(row, "created"),
                instant(row, "updated"),
                row.getBoolean("enabled"),
                instant(row, "not_before"),
                instant(row, "expires"),
                TAGS.readValue(row.getString("tags")),
                row.getString("content_type"));
    }

    /** Snapshot, kind, name, managed, change token, and when that was read. */
    static @Nullable Object[] listed(SnapshotId snapshot, PlannedObject listed) {
        ObjectId id = listed.object().id();
        ChangeToken token = listed.object().token();
        return new @Nullable Object[] {
            snapshot.value(),
            id.kind().name(),
            id.name(),
            listed.object().managed(),
            timeOrNull(token.created()),
            timeOrNull(token.updated()),
            token.enabled(),
            timeOrNull(token.notBefore()),
            timeOrNull(token.expires()),
            json(new TreeMap<>(token.tags())), // equal tags have equal texts
            token.contentType(),
            timeOrNull(listed.readAt())
        };
    }

    static @Nullable Failure failure(ResultSet row) throws SQLException {
        String reason = row.getString("reason");
        return reason == null
                ? null
                : new Failure(
                        FailureReason.valueOf(reason),
                        row.getInt("service_status"),
                        row.getString("service_code"),
                        row.getString("message"),
                        row.getString("request_id"),
                        null);
    }

    static LedgerObject object(ResultSet row) throws SQLException {
        VaultObject object = new VaultObject(id(row), token(row), row.getBoolean("managed"));
        String versions = row.getString("versions");
        String blob = row.getString("blob");
        Instant callBegan = instant(row, "call_began");
        Outcome outcome = Outcome.valueOf(row.getString("outcome"));
        ObjectResult result = new ObjectResult(
                object.id(),
                outcome,
                row.getInt("attempts"),
                versions == null ? null : VERSIONS.readValue(versions),
                blob == null || callBegan == null
                        ? null
                        : new ObjectResult.Blob(
                                blob,
                                row.getString("blob_version"),
                                row.getLong("size"),
                                row.getString("sha256"),
                                callBegan,
                                instant(row, "called_after")),
                outcome == Outcome.FAILED ? failure(row) : null); // what is pending again may remember its reason
        return new LedgerObject(object, instant(row, "token_read_at"), row.getInt("execution"), result);
    }
}
