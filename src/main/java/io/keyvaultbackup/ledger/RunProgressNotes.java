package io.keyvaultbackup.ledger;

import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * How far runs are, for other processes than the one at work. Whoever holds the vault's lease writes: one that has lost it changes nothing of what a later
 * execution noted. Safe for use by many threads.
 */
public class RunProgressNotes {

    /** What a vault's runs of that long ago noted is removed when a later run of it begins. */
    private static final Duration KEPT = Duration.ofDays(7);

    private static final int MOST_POINTS = 10_000;

    private final JdbcClient jdbc;

    RunProgressNotes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** In place of what was noted of the run before. */
    @Transactional
    public void note(SnapshotId snapshot, int execution, String process, RunMonitor.Progress progress, Instant at) {
        Pacer.Usage usage = progress.usage();
        Object[] values = {
            execution,
            process,
            progress.phase().name(),
            progress.listed(),
            progress.done(),
            progress.failed(),
            progress.total(),
            usage == null ? 0 : usage.spent(),
            usage == null ? 0 : usage.budget().units(),
            usage == null ? 0 : usage.throttles(),
            usage == null ? 0 : usage.perSecond(),
            Rows.time(at),
            snapshot.value(),
        };
        int known = jdbc.sql(
                        "UPDATE ledger_progress SET execution = ?, process_id = ?, phase = ?, listed = ?, done = ?, failed = ?,"
                                + " total = ?, spent = ?, budget = ?, throttles = ?, per_second = ?, noted_at = ?"
                                + " WHERE snapshot_id = ? AND execution <= ?")
                .params(values)
                .param(execution)
                .update();
        if (known == 0) {
            jdbc.sql(
                            "INSERT INTO ledger_progress (execution, process_id, phase, listed, done, failed, total, spent, budget,"
                                    + " throttles, per_second, noted_at, snapshot_id) SELECT CAST(? AS INTEGER), CAST(? AS VARCHAR),"
                                    + " CAST(? AS VARCHAR), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT),"
                                    + " CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS DOUBLE PRECISION),"
                                    + " CAST(? AS TIMESTAMP(6) WITH TIME ZONE), CAST(? AS VARCHAR)"
                                    + " WHERE NOT EXISTS (SELECT 1 FROM ledger_progress WHERE snapshot_id = ?)")
                    .params(values)
                    .param(snapshot.value())
                    .update();
        }
    }

    /** One more point of the chart. */
    @Transactional
    public void point(SnapshotId snapshot, int execution, RunMonitor.Progress progress, Instant at) {
        Pacer.Usage usage = progress.usage();
        jdbc.sql("INSERT INTO ledger_rate (snapshot_id, execution, noted_at, done, failed, spent, throttles)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)")
                .params(
                        snapshot.value(),
                        execution,
                        Rows.time(at),
                        progress.done(),
                        progress.failed(),
                        usage == null ? 0 : usage.spent(),
                        usage == null ? 0 : usage.throttles())
                .update();
    }

    /** Removes what runs of this vault noted long ago; nobody else writes of them, so that two never remove the same. */
    @Transactional
    public void forgetOld(VaultAddress vault, Instant now) {
        for (String table : List.of("ledger_progress", "ledger_rate")) {
            jdbc.sql("DELETE FROM " + table + " WHERE noted_at < ? AND snapshot_id IN"
                            + " (SELECT snapshot_id FROM ledger_run WHERE vault_uri = ? AND scheduled_for < ?)")
                    .params(Rows.time(now.minus(KEPT)), vault.toString(), Rows.time(now.minus(KEPT)))
                    .update();
        }
    }

    /** What was noted last of a run; nothing of one that began under an older version, or ended long ago. */
    @Transactional(readOnly = true)
    public Optional<NotedProgress> find(SnapshotId snapshot) {
        return jdbc.sql("SELECT * FROM ledger_progress WHERE snapshot_id = ?")
                .param(snapshot.value())
                .query((row, number) -> new NotedProgress(
                        snapshot,
                        row.getInt("execution"),
                        row.getString("process_id"),
                        RunMonitor.Phase.valueOf(row.getString("phase")),
                        row.getLong("listed"),
                        row.getLong("done"),
                        row.getLong("failed"),
                        row.getLong("total"),
                        row.getLong("spent"),
                        row.getLong("budget"),
                        row.getLong("throttles"),
                        row.getDouble("per_second"),
                        Objects.requireNonNull(Rows.instant(row, "noted_at"))))
                .optional();
    }

    /** The points of a run's executions in order; the latest, if there are very many. */
    @Transactional(readOnly = true)
    public List<NotedProgress.Point> points(SnapshotId snapshot) {
        return jdbc.sql(
                        "SELECT * FROM ledger_rate WHERE snapshot_id = ? ORDER BY execution DESC, noted_at DESC LIMIT ?")
                .params(snapshot.value(), MOST_POINTS)
                .query((row, number) -> new NotedProgress.Point(
                        row.getInt("execution"),
                        Objects.requireNonNull(Rows.instant(row, "noted_at")),
                        row.getLong("done"),
                        row.getLong("failed"),
                        row.getLong("spent"),
                        row.getLong("throttles")))
                .list()
                .reversed();
    }
}
