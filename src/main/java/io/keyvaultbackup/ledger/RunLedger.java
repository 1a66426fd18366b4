package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** The runs and their executions. Safe for use by many threads. */
public class RunLedger {

    private static final int MOST_INCIDENTS = 100;

    private final JdbcClient jdbc;
    private final JdbcTemplate updates;
    private final RunSummaries summaries;

    RunLedger(JdbcClient jdbc, JdbcTemplate updates, RunSummaries summaries) {
        this.jdbc = jdbc;
        this.updates = updates;
        this.summaries = summaries;
    }

    /** The run of a snapshot, if this database knows it. */
    @Transactional(readOnly = true)
    public Optional<RunRecord> find(SnapshotId snapshot) {
        return jdbc.sql("SELECT * FROM ledger_run WHERE snapshot_id = ?")
                .param(snapshot.value())
                .query((row, number) -> run(row))
                .optional();
    }

    /** The newest runs of all vaults, newest first. */
    @Transactional(readOnly = true)
    public List<RunRecord> latest(int count) {
        return jdbc.sql("SELECT * FROM ledger_run ORDER BY scheduled_for DESC, snapshot_id LIMIT ?")
                .param(count)
                .query((row, number) -> run(row))
                .list();
    }

    /** The newest run of a vault that was executed to its end, if there is one. */
    @Transactional(readOnly = true)
    public Optional<RunRecord> newestOf(VaultAddress vault) {
        return jdbc.sql("SELECT * FROM ledger_run WHERE vault_uri = ? AND status IN ('COMPLETE', 'INCOMPLETE')"
                        + " ORDER BY scheduled_for DESC LIMIT 1")
                .param(vault.toString())
                .query((row, number) -> run(row))
                .optional();
    }

    /** The newest run of a vault, however it stands. */
    @Transactional(readOnly = true)
    public Optional<RunRecord> latestOf(VaultAddress vault) {
        return jdbc.sql("SELECT * FROM ledger_run WHERE vault_uri = ? ORDER BY scheduled_for DESC LIMIT 1")
                .param(vault.toString())
                .query((row, number) -> run(row))
                .optional();
    }

    /** The runs whose snapshot id starts so. */
    @Transactional(readOnly = true)
    public List<RunRecord> startingWith(String prefix) {
        return jdbc.sql("SELECT * FROM ledger_run WHERE LEFT(snapshot_id, ?) = ? ORDER BY snapshot_id")
                .params(prefix.length(), prefix)
                .query((row, number) -> run(row))
                .list();
    }

    /** Begins an execution; with the first, the run itself and its selection. */
    @Transactional
    public void begin(RunRequest request, int execution, Instant startedAt) {
        insert(request, execution, startedAt);
        summaries.refresh(request.snapshot());
    }

    private void insert(RunRequest request, int execution, Instant startedAt) {
        String snapshot = request.snapshot().value();
        Selection selection = request.selection();
        int known = jdbc.sql("UPDATE ledger_run SET status = ?, full_copy = full_copy OR ? WHERE snapshot_id = ?")
                .params(RunStatus.RUNNING.name(), request.full(), snapshot)
                .update();
        if (known == 0) {
            jdbc.sql(
                            "INSERT INTO ledger_run (snapshot_id, vault_uri, scheduled_for, kinds, include_globs, exclude_globs,"
                                    + " selection, status, full_copy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .params(
                            snapshot,
                            request.vault().toString(),
                            Rows.time(request.scheduledFor()),
                            selection.kinds().stream()
                                    .sorted()
                                    .map(ObjectKind::name)
                                    .collect(Collectors.joining(",")),
                            Rows.json(selection.include()),
                            Rows.json(selection.exclude()),
                            selection.canonical(),
                            RunStatus.RUNNING.name(),
                            request.full())
                    .update();
        }
        listAnewWhatWasLetGo(snapshot);
        jdbc.sql("INSERT INTO ledger_execution (snapshot_id, execution, started_at, status) VALUES (?, ?, ?, ?)")
                .params(snapshot, execution, Rows.time(startedAt), RunStatus.RUNNING.name())
                .update();
    }

    /** A complete run is not begun again, and one that nobody finished for long has to find its objects first. */
    private void listAnewWhatWasLetGo(String snapshot) {
        int letGo = jdbc.sql("UPDATE ledger_summary SET objects_kept = TRUE WHERE snapshot_id = ? AND NOT objects_kept")
                .param(snapshot)
                .update();
        if (letGo > 0) {
            jdbc.sql("DELETE FROM ledger_listing WHERE snapshot_id = ?")
                    .param(snapshot)
                    .update();
        }
    }

    /**
     * Takes over what a manifest tells of a run that another database knew; it becomes the run's newest execution. Its summary is to be refreshed once
     * its objects are there.
     */
    @Transactional
    public void rebuild(
            RunRequest request,
            int execution,
            Instant startedAt,
            Instant endedAt,
            boolean complete,
            @Nullable Instant consistentAsOf,
            String manifest) {
        insert(request, execution, startedAt);
        update(
                request.snapshot(),
                new RunRecord.Execution(
                        execution,
                        startedAt,
                        endedAt,
                        complete ? RunStatus.COMPLETE : RunStatus.INCOMPLETE,
                        manifest,
                        consistentAsOf,
                        0,
                        0));
    }

    /** Marks executions as abandoned that are recorded as running; whoever calls this is sure that they are not. */
    @Transactional
    public void abandonRunning(SnapshotId snapshot, Instant noticedAt) {
        jdbc.sql("UPDATE ledger_execution SET status = ?, ended_at = ? WHERE snapshot_id = ? AND status = ?")
                .params(RunStatus.ABANDONED.name(), Rows.time(noticedAt), snapshot.value(), RunStatus.RUNNING.name())
                .update();
    }

    /** Ends an execution, and with it says how the run stands, unless a later execution has begun, which will say so. */
    @Transactional
    public void end(SnapshotId snapshot, RunRecord.Execution execution) {
        update(snapshot, execution);
        summaries.refresh(snapshot);
    }

    private void update(SnapshotId snapshot, RunRecord.Execution execution) {
        updates.update(
                "UPDATE ledger_execution SET ended_at = ?, status = ?, manifest = ?, consistent_as_of = ?, units_spent = ?, throttles = ?"
                        + " WHERE snapshot_id = ? AND execution = ?",
                Rows.timeOrNull(execution.endedAt()),
                execution.status().name(),
                execution.manifest(),
                Rows.timeOrNull(execution.consistentAsOf()),
                execution.unitsSpent(),
                execution.throttles(),
                snapshot.value(),
                execution.number());
        jdbc.sql(
                        "UPDATE ledger_run SET status = ? WHERE snapshot_id = ? AND NOT EXISTS (SELECT 1 FROM ledger_execution e"
                                + " WHERE e.snapshot_id = ledger_run.snapshot_id AND e.execution > ?)")
                .params(execution.status().name(), snapshot.value(), execution.number())
                .update();
    }

    /** Remembers the first of what went wrong with an execution beside its objects' and first listings' own failures: as much as people read. */
    @Transactional
    public void note(SnapshotId snapshot, int execution, List<Incident> incidents) {
        List<Incident> kept = incidents.stream().limit(MOST_INCIDENTS).toList();
        for (int position = 0; position < kept.size(); position++) {
            Incident incident = kept.get(position);
            Failure failure = incident.failure();
            updates.update(
                    "INSERT INTO ledger_incident (snapshot_id, execution, position, subject, reason, service_status,"
                            + " service_code, message, request_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    snapshot.value(),
                    execution,
                    position,
                    incident.subject(),
                    failure.reason().name(),
                    failure.status(),
                    failure.code(),
                    failure.message(),
                    failure.requestId());
        }
    }

    /** What was remembered of a run's executions, by their numbers. */
    @Transactional(readOnly = true)
    public Map<Integer, List<Incident>> incidents(SnapshotId snapshot) {
        Map<Integer, List<Incident>> incidents = new TreeMap<>();
        jdbc.sql("SELECT * FROM ledger_incident WHERE snapshot_id = ? ORDER BY execution, position")
                .param(snapshot.value())
                .query(row -> {
                    incidents
                            .computeIfAbsent(row.getInt("execution"), none -> new ArrayList<>())
                            .add(new Incident(row.getString("subject"), Objects.requireNonNull(Rows.failure(row))));
                });
        return incidents;
    }

    private RunRecord run(ResultSet row) throws SQLException {
        SnapshotId snapshot = new SnapshotId(row.getString("snapshot_id"));
        Selection selection = new Selection(
                Arrays.stream(row.getString("kinds").split(",", -1))
                        .map(ObjectKind::valueOf)
                        .collect(Collectors.toSet()),
                Rows.strings(row.getString("include_globs")),
                Rows.strings(row.getString("exclude_globs")));
        RunRequest request = new RunRequest(
                VaultAddress.parse(row.getString("vault_uri")),
                Objects.requireNonNull(Rows.instant(row, "scheduled_for")),
                selection,
                row.getBoolean("full_copy"));
        return new RunRecord(snapshot, request, RunStatus.valueOf(row.getString("status")), executions(snapshot));
    }

    private List<RunRecord.Execution> executions(SnapshotId snapshot) {
        return jdbc.sql("SELECT * FROM ledger_execution WHERE snapshot_id = ? ORDER BY execution")
                .param(snapshot.value())
                .query((row, number) -> new RunRecord.Execution(
                        row.getInt("execution"),
                        Objects.requireNonNull(Rows.instant(row, "started_at")),
                        Rows.instant(row, "ended_at"),
                        RunStatus.valueOf(row.getString("status")),
                        row.getString("manifest"),
                        Rows.instant(row, "consistent_as_of"),
                        row.getLong("units_spent"),
                        row.getLong("throttles")))
                .list();
    }
}
