package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Deviation;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.VaultObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What restores are to do, and have done, object by object. Safe for use by many threads; one writer a restore. */
public class RestoreLedger {

    private static final int PAGE = 500;
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final VaultSummaries vaults;

    RestoreLedger(JdbcClient jdbc, JdbcTemplate batches, VaultSummaries vaults) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.vaults = vaults;
    }

    /**
     * A restore as it is begun.
     *
     * @param subject a SHA-256 of all that makes it the same restore: store, manifest and its bytes, target, selection
     * @param source the folder of the vault that the snapshot is of
     * @param trial whether what is restored is removed again
     */
    public record Begun(
            String id,
            String subject,
            String source,
            String snapshot,
            String manifest,
            String target,
            String selection,
            boolean trial) {}

    /** The newest restore of a subject that has not ended. */
    @Transactional(readOnly = true)
    public Optional<String> unfinished(String subject) {
        return jdbc.sql("SELECT restore_id FROM ledger_restore WHERE subject = ? AND ended_at IS NULL"
                        + " ORDER BY started_at DESC LIMIT 1")
                .param(subject)
                .query(String.class)
                .optional();
    }

    /** Begins a restore, or another execution of it. */
    @Transactional
    public void begin(Begun restore, int execution, Instant startedAt) {
        int known = jdbc.sql("UPDATE ledger_restore SET execution = ? WHERE restore_id = ?")
                .params(execution, restore.id())
                .update();
        if (known == 0) {
            jdbc.sql(
                            "INSERT INTO ledger_restore (restore_id, subject, source, snapshot_id, manifest, target, selection, trial,"
                                    + " execution, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .params(
                            restore.id(),
                            restore.subject(),
                            restore.source(),
                            restore.snapshot(),
                            restore.manifest(),
                            restore.target(),
                            restore.selection(),
                            restore.trial(),
                            execution,
                            Rows.time(startedAt))
                    .update();
        }
    }

    /** Nothing is left to do for it: the same asked for again is a restore of its own. What a drill ended with, its vault's summary tells. */
    @Transactional
    public void end(String id, String status, @Nullable String report, Instant endedAt) {
        batches.update(
                "UPDATE ledger_restore SET ended_at = ?, status = ?, report = ? WHERE restore_id = ?",
                Rows.time(endedAt),
                status,
                report,
                id);
        jdbc.sql("SELECT source FROM ledger_restore WHERE restore_id = ? AND trial")
                .param(id)
                .query(String.class)
                .optional()
                .flatMap(VaultAddress::ofStoreName)
                .ifPresent(vaults::refresh);
    }

    /** What was known of each object when it was planned or treated last. */
    @Transactional(readOnly = true)
    public Map<ObjectId, RestoreOutcome> outcomes(String id) {
        Map<ObjectId, RestoreOutcome> outcomes = new HashMap<>();
        jdbc.sql("SELECT kind, name, outcome FROM ledger_restore_object WHERE restore_id = ?")
                .param(id)
                .query(row -> {
                    outcomes.put(Rows.id(row), RestoreOutcome.valueOf(row.getString("outcome")));
                });
        return outcomes;
    }

    /** Removes what was planned before. */
    @Transactional
    public void forget(String id) {
        jdbc.sql("DELETE FROM ledger_restore_object WHERE restore_id = ?")
                .param(id)
                .update();
    }

    /** Adds objects. */
    @Transactional
    public void plan(String id, List<RestoreRow> rows) {
        batches.batchUpdate(
                "INSERT INTO ledger_restore_object (restore_id, kind, name, managed, created, updated, enabled, not_before,"
                        + " expires, tags, content_type, token_read_at, versions, size, sha256, blob, blob_version, call_began,"
                        + " outcome, why, deviations)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')",
                rows.stream().map(row -> planned(id, row)).toList());
    }

    private static @Nullable Object[] planned(String id, RestoreRow row) {
        @Nullable
        Object[] listed = Rows.listed(new SnapshotId(id), new PlannedObject(row.object(), Outcome.PENDING, null));
        ObjectResult.Blob copy = row.copy();
        Stream<@Nullable Object> more = Stream.of(
                row.versions() == null ? null : Rows.json(row.versions()),
                copy == null ? null : copy.size(),
                copy == null ? null : copy.sha256(),
                copy == null ? null : copy.name(),
                copy == null ? null : copy.version(),
                copy == null ? null : Rows.time(copy.callBegan()),
                row.outcome().name(),
                row.why());
        return Stream.concat(Arrays.stream(listed), more).toArray();
    }

    /** Notes what became of objects. */
    @Transactional
    public void record(String id, List<? extends RestoreRow> rows) {
        batches.batchUpdate(
                "UPDATE ledger_restore_object SET outcome = ?, why = ?, millis = ?, reason = ?, service_status = ?,"
                        + " service_code = ?, message = ?, request_id = ?, deviations = ?"
                        + " WHERE restore_id = ? AND kind = ? AND name = ?",
                rows.stream().map(row -> recorded(id, row)).toList());
    }

    private static @Nullable Object[] recorded(String id, RestoreRow row) {
        Failure failure = row.failure();
        return new @Nullable Object[] {
            row.outcome().name(),
            row.why(),
            row.millis(),
            failure == null ? null : failure.reason().name(),
            failure == null ? null : failure.status(),
            failure == null ? null : failure.code(),
            failure == null ? null : failure.message(),
            failure == null ? null : failure.requestId(),
            Rows.json(row.deviations()),
            id,
            row.id().kind().name(),
            row.id().name()
        };
    }

    /** Keys and secrets whose certificate is not in place are not there either. */
    @Transactional
    public void followCertificates(String id) {
        jdbc.sql(
                        "UPDATE ledger_restore_object SET outcome = ? WHERE restore_id = ? AND outcome = ? AND NOT EXISTS (SELECT 1"
                                + " FROM ledger_restore_object c WHERE c.restore_id = ledger_restore_object.restore_id"
                                + " AND c.kind = 'CERTIFICATE' AND LOWER(c.name) = LOWER(ledger_restore_object.name)"
                                + " AND c.outcome IN ('RESTORED', 'RECOVERED', 'ALREADY_THERE'))")
                .params(RestoreOutcome.WITHOUT_CERTIFICATE.name(), id, RestoreOutcome.WITH_CERTIFICATE.name())
                .update();
    }

    /** The next objects of a kind with one of these outcomes, by name; at most a page. */
    @Transactional(readOnly = true)
    public List<RestoreRow> page(String id, Collection<RestoreOutcome> outcomes, ObjectKind kind, String afterName) {
        return jdbc.sql(
                        "SELECT * FROM ledger_restore_object WHERE restore_id = ? AND kind = ? AND name > ? AND outcome IN ("
                                + outcomes.stream()
                                        .map(outcome -> "'" + outcome.name() + "'")
                                        .collect(Collectors.joining(", "))
                                + ") ORDER BY restore_id, kind, name LIMIT ?") // all of the primary key: see Pages.sql
                .params(id, kind.name(), afterName, PAGE)
                .query((row, number) -> row(row))
                .list();
    }

    /** Every object with one of these outcomes, by kind and name, read page by page. */
    public void forEach(String id, Collection<RestoreOutcome> outcomes, Consumer<RestoreRow> consumer) {
        for (ObjectKind kind : ObjectKind.values()) {
            String after = "";
            List<RestoreRow> page;
            do {
                page = page(id, outcomes, kind, after);
                page.forEach(consumer);
                after = page.isEmpty() ? after : page.getLast().id().name();
            } while (page.size() == PAGE);
        }
    }

    /** How many objects have each outcome; those that none has are absent. */
    @Transactional(readOnly = true)
    public Map<RestoreOutcome, Long> counts(String id) {
        return counts(id, EnumSet.allOf(ObjectKind.class));
    }

    /** The same of these kinds. */
    @Transactional(readOnly = true)
    public Map<RestoreOutcome, Long> counts(String id, Collection<ObjectKind> kinds) {
        Map<RestoreOutcome, Long> counts = new EnumMap<>(RestoreOutcome.class);
        jdbc.sql("SELECT kind, outcome, COUNT(*) AS objects FROM ledger_restore_object WHERE restore_id = ?"
                        + " GROUP BY kind, outcome")
                .param(id)
                .query(row -> {
                    if (kinds.contains(ObjectKind.valueOf(row.getString("kind")))) {
                        counts.merge(
                                RestoreOutcome.valueOf(row.getString("outcome")), row.getLong("objects"), Long::sum);
                    }
                });
        return counts;
    }

    private static RestoreRow row(ResultSet row) throws SQLException {
        String versions = row.getString("versions");
        String blob = row.getString("blob");
        Instant callBegan = Rows.instant(row, "call_began");
        long millis = row.getLong("millis");
        @Nullable Long took = row.wasNull() ? null : millis;
        return new RestoreRow(
                new VaultObject(Rows.id(row), Rows.token(row), row.getBoolean("managed")),
                versions == null ? null : JSON.readValue(versions, new TypeReference<List<ObjectVersion>>() {}),
                blob == null || callBegan == null
                        ? null
                        : new ObjectResult.Blob(
                                blob,
                                row.getString("blob_version"),
                                row.getLong("size"),
                                row.getString("sha256"),
                                callBegan,
                                null),
                RestoreOutcome.valueOf(row.getString("outcome")),
                row.getString("why"),
                took,
                Rows.failure(row),
                JSON.readValue(row.getString("deviations"), new TypeReference<List<Deviation>>() {}));
    }
}
