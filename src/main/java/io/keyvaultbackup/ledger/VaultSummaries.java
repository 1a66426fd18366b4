package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * A row for each vault, so that all vaults are shown by one scan of as many rows. Written by whoever begins or ends a run, or tells of an examination or a
 * drill, in the same transaction. Safe for use by many threads and processes.
 */
public class VaultSummaries {

    private static final String NEWEST = " ORDER BY scheduled_for DESC LIMIT 1)";

    private static final String COUNTED_ANEW = "UPDATE ledger_vault SET changed_at = CURRENT_TIMESTAMP,"
            + " (latest, latest_for, status) = (SELECT snapshot_id, scheduled_for, status FROM ledger_summary WHERE vault_uri"
            + " = :vault" + NEWEST
            + ", strip = (SELECT COALESCE(STRING_AGG(LEFT(status, 1), '' ORDER BY scheduled_for), '') FROM (SELECT status,"
            + " scheduled_for FROM ledger_summary WHERE vault_uri = :vault ORDER BY scheduled_for DESC LIMIT "
            + VaultSummary.STRIP + ") newest)"
            + ", (complete, complete_for, complete_started_at, complete_ended_at, complete_as_of) = (SELECT snapshot_id,"
            + " scheduled_for, started_at, ended_at, consistent_as_of FROM ledger_summary WHERE vault_uri = :vault AND status ="
            + " 'COMPLETE'" + NEWEST
            + ", failing_since = (SELECT MIN(scheduled_for) FROM ledger_summary WHERE vault_uri = :vault AND status IN"
            + " ('INCOMPLETE', 'FAILED', 'STOPPED') AND scheduled_for > COALESCE((SELECT MAX(scheduled_for) FROM ledger_summary"
            + " WHERE vault_uri = :vault AND status = 'COMPLETE'), TIMESTAMP WITH TIME ZONE '0001-01-01 00:00:00+00:00'))"
            + ", (counted, objects, failed, by_kind, reasons) = (SELECT snapshot_id, objects, failed, by_kind, reasons FROM"
            + " ledger_summary WHERE vault_uri = :vault AND status <> 'RUNNING'" + NEWEST
            + ", (most_versions, near_limit) = (SELECT most_versions, near_limit FROM ledger_summary WHERE vault_uri = :vault"
            + " AND status <> 'RUNNING' AND most_versions IS NOT NULL" + NEWEST
            + ", (verified_at, verified_manifest, verified_damage, verified_not_given) = (SELECT told_at, manifest, damage, not_given"
            + " FROM ledger_verification WHERE folder = :folder AND told_at IS NOT NULL ORDER BY told_at DESC LIMIT 1)"
            + ", (drilled_at, drilled, drill_status) = (SELECT ended_at, snapshot_id, status FROM ledger_restore WHERE source ="
            + " :folder AND trial AND ended_at IS NOT NULL ORDER BY started_at DESC LIMIT 1)"
            + " WHERE vault_uri = :vault";

    private final JdbcClient jdbc;

    VaultSummaries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Every vault that this database knows anything of, by address. */
    @Transactional(readOnly = true)
    public List<VaultSummary> all() {
        return jdbc.sql("SELECT * FROM ledger_vault ORDER BY vault_uri")
                .query((row, number) -> summary(row))
                .list();
    }

    /** A vault, if this database knows anything of it. */
    @Transactional(readOnly = true)
    public Optional<VaultSummary> find(VaultAddress vault) {
        return jdbc.sql("SELECT * FROM ledger_vault WHERE vault_uri = ?")
                .param(vault.toString())
                .query((row, number) -> summary(row))
                .optional();
    }

    /** Says anew how a vault stands, from its runs' summaries, its examinations and its drills. It may be repeated. */
    @Transactional
    public void refresh(VaultAddress vault) {
        jdbc.sql("INSERT INTO ledger_vault (vault_uri, strip, changed_at) VALUES (?, '', CURRENT_TIMESTAMP)"
                        + " ON CONFLICT DO NOTHING")
                .param(vault.toString())
                .update();
        // first, by itself: what another process has written of the vault meanwhile is seen by the next statement, and
        // not by this one
        jdbc.sql("SELECT vault_uri FROM ledger_vault WHERE vault_uri = ? FOR UPDATE")
                .param(vault.toString())
                .query(String.class)
                .single();
        jdbc.sql(COUNTED_ANEW)
                .param("vault", vault.toString())
                .param("folder", vault.storeName())
                .update();
    }

    private static VaultSummary summary(ResultSet row) throws SQLException {
        String latest = row.getString("latest");
        String counted = row.getString("counted");
        int most = row.getInt("most_versions");
        @Nullable Integer mostVersions = row.wasNull() ? null : most;
        return new VaultSummary(
                VaultAddress.parse(row.getString("vault_uri")),
                latest == null
                        ? null
                        : new VaultSummary.Latest(
                                new SnapshotId(latest),
                                time(row, "latest_for"),
                                RunStatus.valueOf(row.getString("status"))),
                Tallies.strip(row.getString("strip")),
                complete(row),
                Rows.instant(row, "failing_since"),
                counted == null
                        ? null
                        : new VaultSummary.Counted(
                                new SnapshotId(counted),
                                Tallies.byKind(row.getString("by_kind")),
                                Tallies.reasons(row.getString("reasons"))),
                mostVersions,
                row.getInt("near_limit"),
                verified(row),
                drilled(row),
                time(row, "changed_at"));
    }

    private static VaultSummary.@Nullable Complete complete(ResultSet row) throws SQLException {
        String complete = row.getString("complete");
        return complete == null
                ? null
                : new VaultSummary.Complete(
                        new SnapshotId(complete),
                        time(row, "complete_for"),
                        time(row, "complete_started_at"),
                        Rows.instant(row, "complete_ended_at"),
                        Rows.instant(row, "complete_as_of"));
    }

    private static VaultSummary.@Nullable Verified verified(ResultSet row) throws SQLException {
        Instant at = Rows.instant(row, "verified_at");
        return at == null
                ? null
                : new VaultSummary.Verified(
                        at,
                        row.getString("verified_manifest"),
                        row.getInt("verified_damage"),
                        row.getInt("verified_not_given"));
    }

    private static VaultSummary.@Nullable Drilled drilled(ResultSet row) throws SQLException {
        Instant at = Rows.instant(row, "drilled_at");
        return at == null
                ? null
                : new VaultSummary.Drilled(at, row.getString("drilled"), row.getString("drill_status"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(Rows.instant(row, column));
    }
}
