package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts a run into its summary's row, for whoever has a transaction. Safe for use by many threads. */
final class RunCounts {

    private final JdbcClient jdbc;
    private final JdbcTemplate updates;

    RunCounts(JdbcClient jdbc, JdbcTemplate updates) {
        this.jdbc = jdbc;
        this.updates = updates;
    }

    /** Counts a run anew, but not objects whose rows were let go. */
    void count(SnapshotId snapshot) {
        jdbc.sql("INSERT INTO ledger_summary (snapshot_id, vault_uri, scheduled_for, status, executions, started_at,"
                        + " units_spent, throttles, objects_kept, objects, backed_up, unchanged, covered, excluded, deleted,"
                        + " failed, pending, by_kind, bytes, bytes_copied, near_limit, retries, reasons)"
                        + " SELECT snapshot_id, vault_uri, scheduled_for, status, 0, scheduled_for, 0, 0,"
                        // the row was lost, and those of the objects had been let go
                        + " NOT (status = 'COMPLETE' AND NOT EXISTS (SELECT 1 FROM ledger_object o WHERE o.snapshot_id ="
                        + " r.snapshot_id) AND EXISTS (SELECT 1 FROM ledger_listing l WHERE l.snapshot_id = r.snapshot_id AND"
                        + " l.objects > 0)), 0, 0, 0, 0, 0, 0, 0, 0, '{}', 0, 0, 0, 0, '{}' FROM ledger_run r"
                        + " WHERE snapshot_id = ? ON CONFLICT DO NOTHING")
                .param(snapshot.value())
                .update();
        jdbc.sql(
                        "UPDATE ledger_summary s SET (status, executions, started_at, ended_at, units_spent, throttles) = (SELECT"
                                + " r.status, COUNT(e.execution), COALESCE(MIN(e.started_at), r.scheduled_for), CASE WHEN r.status <>"
                                + " 'RUNNING' THEN MAX(e.ended_at) END, COALESCE(SUM(e.units_spent), 0), COALESCE(SUM(e.throttles), 0)"
                                + " FROM ledger_run r LEFT JOIN ledger_execution e ON e.snapshot_id = r.snapshot_id WHERE"
                                + " r.snapshot_id = s.snapshot_id GROUP BY r.status, r.scheduled_for), (manifest, consistent_as_of) = (SELECT manifest, consistent_as_of FROM"
                                + " ledger_execution e WHERE e.snapshot_id = s.snapshot_id AND manifest IS NOT NULL ORDER BY"
                                + " execution DESC LIMIT 1) WHERE s.snapshot_id = ?")
                .param(snapshot.value())
                .update();
        boolean kept = jdbc.sql("SELECT objects_kept FROM ledger_summary WHERE snapshot_id = ?")
                .param(snapshot.value())
                .query(Boolean.class)
                .single();
        if (kept) {
            write(snapshot, objects(snapshot), reasons(snapshot));
        }
    }

    private ObjectTally objects(SnapshotId snapshot) {
        ObjectTally tally = new ObjectTally();
        jdbc.sql("SELECT kind, outcome, COUNT(*) AS objects, SUM(size) AS bytes, MAX(version_count) AS most,"
                        + " SUM(CASE WHEN version_count >= " + RunSummary.NEAR_LIMIT + " THEN 1 ELSE 0 END) AS near,"
                        + " SUM(CASE WHEN attempts > 1 THEN attempts - 1 ELSE 0 END) AS retries"
                        + " FROM ledger_object WHERE snapshot_id = ? GROUP BY kind, outcome")
                .param(snapshot.value())
                .query(tally::add);
        return tally;
    }

    private Map<FailureReason, Long> reasons(SnapshotId snapshot) {
        Map<FailureReason, Long> reasons = new EnumMap<>(FailureReason.class);
        jdbc.sql("SELECT reason, COUNT(*) AS failures FROM (SELECT reason FROM ledger_object WHERE snapshot_id = ? AND"
                        + " outcome = 'FAILED' AND reason IS NOT NULL UNION ALL SELECT reason FROM ledger_listing WHERE"
                        + " snapshot_id = ? AND reason IS NOT NULL) failed GROUP BY reason")
                .params(snapshot.value(), snapshot.value())
                .query(row -> {
                    reasons.put(FailureReason.valueOf(row.getString("reason")), row.getLong("failures"));
                });
        return reasons;
    }

    private void write(SnapshotId snapshot, ObjectTally tally, Map<FailureReason, Long> reasons) {
        Map<Outcome, Long> outcomes = RunSummary.Counts.outcomes(tally.objects);
        updates.update(
                "UPDATE ledger_summary SET objects = ?, backed_up = ?, unchanged = ?, covered = ?, excluded = ?, deleted = ?,"
                        + " failed = ?, pending = ?, by_kind = ?, bytes = ?, bytes_copied = ?, most_versions = ?, near_limit = ?,"
                        + " retries = ?, reasons = ? WHERE snapshot_id = ?",
                outcomes.values().stream().mapToLong(Long::longValue).sum(),
                outcomes.getOrDefault(Outcome.BACKED_UP, 0L),
                outcomes.getOrDefault(Outcome.UNCHANGED, 0L),
                outcomes.getOrDefault(Outcome.COVERED_BY_CERTIFICATE, 0L),
                outcomes.getOrDefault(Outcome.EXCLUDED, 0L),
                outcomes.getOrDefault(Outcome.DELETED_DURING_RUN, 0L),
                outcomes.getOrDefault(Outcome.FAILED, 0L),
                outcomes.getOrDefault(Outcome.PENDING, 0L),
                Tallies.byKind(tally.objects),
                tally.bytes,
                tally.bytesCopied,
                tally.mostVersions,
                tally.nearLimit,
                tally.retries,
                Tallies.reasons(reasons),
                snapshot.value());
    }

    /** What the rows of a run's objects add up to. For one thread. */
    private static final class ObjectTally {

        private final Map<ObjectKind, Map<Outcome, Long>> objects = new EnumMap<>(ObjectKind.class);
        private long bytes;
        private long bytesCopied;
        private @Nullable Integer mostVersions;
        private int nearLimit;
        private long retries;

        void add(ResultSet row) throws SQLException {
            Outcome outcome = Outcome.valueOf(row.getString("outcome"));
            objects.computeIfAbsent(
                            ObjectKind.valueOf(row.getString("kind")),
                            first -> new EnumMap<Outcome, Long>(Outcome.class))
                    .put(outcome, row.getLong("objects"));
            long size = row.getLong("bytes");
            bytes += outcome == Outcome.BACKED_UP || outcome == Outcome.UNCHANGED ? size : 0;
            bytesCopied += outcome == Outcome.BACKED_UP ? size : 0;
            int most = row.getInt("most");
            if (!row.wasNull()) {
                mostVersions = mostVersions == null ? most : Math.max(mostVersions, most);
            }
            nearLimit += row.getInt("near");
            retries += row.getLong("retries");
        }
    }
}
