package io.keyvaultbackup.ledger;

import io.keyvaultbackup.vault.VaultAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** What was done to prove the copies of a vault: examinations of its snapshots, and drills. Safe for use by many threads. */
public class VaultChecks {

    private final JdbcClient jdbc;

    VaultChecks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An examination of a snapshot.
     *
     * @param manifest of the snapshot, by its name in the store
     * @param part which of so many parts of the copies it was to read
     * @param told what was told of it last; null if nothing was
     * @param ended whether nothing is left to do for it
     */
    public record Verification(
            String id,
            String manifest,
            int part,
            int parts,
            Instant startedAt,
            @Nullable Result told,
            boolean ended) {}

    /**
     * What was told of an examination.
     *
     * @param damage how many of its findings are damage
     * @param unknown how many copies the store did not give
     * @param copies that the snapshot has, and how many of them were read; null if that was not recorded
     */
    public record Result(
            Instant at,
            int findings,
            int damage,
            int unknown,
            @Nullable Long copies,
            @Nullable Long copiesRead) {}

    /**
     * A restore of a snapshot into a vault for trials, compared and removed again.
     *
     * @param status as {@code recovery.RestoreStatus} has it; null if it has not ended
     * @param report its name in the store; null if there is none
     */
    public record Drill(
            String id,
            String snapshot,
            String target,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String status,
            @Nullable String report) {}

    /** The newest examinations of a vault's snapshots, the newest first. */
    @Transactional(readOnly = true)
    public List<Verification> verifications(VaultAddress vault, int limit) {
        return jdbc.sql(
                        "SELECT * FROM ledger_verification WHERE folder = ? ORDER BY started_at DESC, verification_id LIMIT ?")
                .params(vault.storeName(), limit)
                .query((row, number) -> new Verification(
                        row.getString("verification_id"),
                        row.getString("manifest"),
                        row.getInt("part"),
                        row.getInt("parts"),
                        Objects.requireNonNull(Rows.instant(row, "started_at")),
                        told(row),
                        row.getBoolean("ended")))
                .list();
    }

    private static @Nullable Result told(ResultSet row) throws SQLException {
        Instant at = Rows.instant(row, "told_at");
        return at == null
                ? null
                : new Result(
                        at,
                        row.getInt("findings"),
                        row.getInt("damage"),
                        row.getInt("not_given"),
                        row.getObject("copies", Long.class),
                        row.getObject("copies_read", Long.class));
    }

    /** The newest drills of a vault's snapshots, the newest first. */
    @Transactional(readOnly = true)
    public List<Drill> drills(VaultAddress vault, int limit) {
        return jdbc.sql(
                        "SELECT * FROM ledger_restore WHERE source = ? AND trial ORDER BY started_at DESC, restore_id LIMIT ?")
                .params(vault.storeName(), limit)
                .query((row, number) -> new Drill(
                        row.getString("restore_id"),
                        row.getString("snapshot_id"),
                        row.getString("target"),
                        Objects.requireNonNull(Rows.instant(row, "started_at")),
                        Rows.instant(row, "ended_at"),
                        row.getString("status"),
                        row.getString("report")))
                .list();
    }
}
