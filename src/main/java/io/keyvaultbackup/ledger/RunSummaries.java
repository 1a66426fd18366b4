package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * A row for each run with its numbers, so that nobody counts objects to show many runs. Written by whoever begins or ends the run, in the same
 * transaction. Safe for use by many threads.
 */
public class RunSummaries {

    private static final String NEWEST_FIRST = " ORDER BY scheduled_for DESC, snapshot_id DESC LIMIT :limit";

    private final JdbcClient jdbc;
    private final RunCounts counts;
    private final VaultSummaries vaults;

    RunSummaries(JdbcClient jdbc, RunCounts counts, VaultSummaries vaults) {
        this.jdbc = jdbc;
        this.counts = counts;
        this.vaults = vaults;
    }

    /** Where a page of runs ended; the next one begins behind it, whatever runs have begun meanwhile. */
    public record Position(Instant scheduledFor, SnapshotId snapshot) {

        public static Position of(RunSummary last) {
            return new Position(last.scheduledFor(), last.snapshot());
        }
    }

    /** The numbers of a run, if this database knows it. */
    @Transactional(readOnly = true)
    public Optional<RunSummary> find(SnapshotId snapshot) {
        return jdbc.sql("SELECT * FROM ledger_summary WHERE snapshot_id = ?")
                .param(snapshot.value())
                .query((row, number) -> summary(row))
                .optional();
    }

    /** The same of several, in no order; those that this database does not know are left out. */
    @Transactional(readOnly = true)
    public List<RunSummary> find(Collection<SnapshotId> snapshots) {
        return snapshots.isEmpty()
                ? List.of()
                : jdbc.sql("SELECT * FROM ledger_summary WHERE snapshot_id IN (:snapshots)")
                        .param(
                                "snapshots",
                                snapshots.stream().map(SnapshotId::value).toList())
                        .query((row, number) -> summary(row))
                        .list();
    }

    /** Those of these that this database knows. */
    @Transactional(readOnly = true)
    public Set<SnapshotId> known(Collection<SnapshotId> ids) {
        return find(ids).stream().map(RunSummary::snapshot).collect(Collectors.toSet());
    }

    /**
     * The runs of a vault, newest first.
     *
     * @param behind where the page before ended; null for the first
     */
    @Transactional(readOnly = true)
    public List<RunSummary> ofVault(VaultAddress vault, @Nullable Position behind, int limit) {
        return matching(List.of(vault), null, behind, limit);
    }

    /**
     * The runs that somebody looks for, newest first.
     *
     * @param among of which vaults; null for all
     * @param status how they stand; null for all
     * @param behind where the page before ended; null for the first
     */
    @Transactional(readOnly = true)
    public List<RunSummary> matching(
            @Nullable Collection<VaultAddress> among,
            @Nullable RunStatus status,
            @Nullable Position behind,
            int limit) {
        if (among != null && among.isEmpty()) {
            return List.of();
        }
        // the first condition by itself is what an index serves in either database
        String sql = "SELECT * FROM ledger_summary WHERE "
                + (among == null ? "1 = 1" : "vault_uri IN (:vaults)")
                + (status == null ? "" : " AND status = :status")
                + (behind == null
                        ? ""
                        : " AND scheduled_for <= :time AND (scheduled_for < :time OR snapshot_id < :snapshot)")
                + NEWEST_FIRST;
        JdbcClient.StatementSpec statement = jdbc.sql(sql).param("limit", limit);
        if (among != null) {
            statement = statement.param(
                    "vaults", among.stream().map(VaultAddress::toString).toList());
        }
        if (status != null) {
            statement = statement.param("status", status.name());
        }
        if (behind != null) {
            statement = statement
                    .param("time", Rows.time(behind.scheduledFor()))
                    .param("snapshot", behind.snapshot().value());
        }
        return statement.query((row, number) -> summary(row)).list();
    }

    /** Counts a run anew, and with it says how its vault stands. It may be repeated. */
    @Transactional
    public void refresh(SnapshotId snapshot) {
        jdbc.sql("SELECT vault_uri FROM ledger_run WHERE snapshot_id = ?")
                .param(snapshot.value())
                .query(String.class)
                .optional()
                .map(VaultAddress::parse)
                .ifPresent(vault -> {
                    counts.count(snapshot);
                    catchUp(vault);
                    vaults.refresh(vault);
                });
    }

    /** Counts the runs anew whose rows are missing or old, as a program of before leaves them. */
    private void catchUp(VaultAddress vault) {
        jdbc.sql("SELECT r.snapshot_id FROM ledger_run r LEFT JOIN ledger_summary s ON s.snapshot_id = r.snapshot_id"
                        + " WHERE r.vault_uri = ? AND (s.snapshot_id IS NULL OR s.status <> r.status)")
                .param(vault.toString())
                .query(String.class)
                .list()
                .forEach(id -> counts.count(new SnapshotId(Objects.requireNonNull(id))));
    }

    private static RunSummary summary(ResultSet row) throws SQLException {
        int most = row.getInt("most_versions");
        @Nullable Integer mostVersions = row.wasNull() ? null : most;
        return new RunSummary(
                new SnapshotId(row.getString("snapshot_id")),
                VaultAddress.parse(row.getString("vault_uri")),
                Objects.requireNonNull(Rows.instant(row, "scheduled_for")),
                RunStatus.valueOf(row.getString("status")),
                row.getInt("executions"),
                Objects.requireNonNull(Rows.instant(row, "started_at")),
                Rows.instant(row, "ended_at"),
                row.getString("manifest"),
                Rows.instant(row, "consistent_as_of"),
                row.getLong("units_spent"),
                row.getLong("throttles"),
                Tallies.byKind(row.getString("by_kind")),
                row.getLong("bytes"),
                row.getLong("bytes_copied"),
                mostVersions,
                row.getInt("near_limit"),
                row.getLong("retries"),
                Tallies.reasons(row.getString("reasons")),
                row.getBoolean("objects_kept"));
    }
}
