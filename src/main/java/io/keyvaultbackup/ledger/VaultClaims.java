package io.keyvaultbackup.ledger;

import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * Which process works on which vault of a night. A claim ends unless it is renewed; until when it lasts is counted by the database, so that the
 * clocks of processes do not matter. Safe for use by many threads and processes.
 */
public class VaultClaims {

    /** Of nights that long ago nobody asks. */
    private static final String OLD = "CURRENT_TIMESTAMP - INTERVAL '30' DAY";

    private static final String LATER = "CURRENT_TIMESTAMP + CAST(? AS BIGINT) * INTERVAL '0.001' SECOND";

    /** A vault of which no run has ended may be a large one. */
    public static final Duration UNKNOWN = Duration.ofDays(1000);

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    VaultClaims(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /**
     * A vault that was claimed.
     *
     * @param takenOver whether a process had it before that did not renew its claim
     */
    public record Claim(VaultAddress vault, boolean takenOver) {}

    /** A process comes to work on these vaults; those that ended, but not well, are open again: that is what it was started for. */
    @Transactional
    public void join(Instant night, Collection<VaultAddress> vaults) {
        jdbc.sql("DELETE FROM fleet_vault WHERE scheduled_for <> ? AND scheduled_for < " + OLD
                        + " AND NOT EXISTS (SELECT 1"
                        + " FROM fleet_vault taken WHERE taken.scheduled_for = fleet_vault.scheduled_for AND taken.taken_until > "
                        + OLD + ")")
                .param(Rows.time(night))
                .update();
        Map<VaultAddress, Duration> lasted = lasted(vaults);
        List<VaultAddress> inOrder =
                vaults.stream() // the same for all processes, or two would wait for each other's rows
                        .sorted(Comparator.comparing(VaultAddress::toString))
                        .toList();
        batches.batchUpdate(
                "INSERT INTO fleet_vault (scheduled_for, vault_uri, weight, state) VALUES (?, ?, ?, 'WAITING')"
                        + " ON CONFLICT DO NOTHING",
                inOrder.stream()
                        .map(vault -> new Object[] {
                            Rows.time(night),
                            vault.toString(),
                            lasted.getOrDefault(vault, UNKNOWN).toMillis()
                        })
                        .toList());
        batches.batchUpdate(
                "UPDATE fleet_vault SET state = 'WAITING', process_id = NULL, taken_until = NULL, exit_code = NULL"
                        + " WHERE scheduled_for = ? AND vault_uri = ? AND state = 'ENDED' AND exit_code <> 0",
                inOrder.stream()
                        .map(vault -> new Object[] {Rows.time(night), vault.toString()})
                        .toList());
    }

    /** The largest of these vaults that nobody works on, for this process from now on. */
    @Transactional
    public Optional<Claim> claim(Instant night, String process, Collection<VaultAddress> vaults, Duration lifetime) {
        Optional<Claim> free = jdbc.sql("SELECT vault_uri, process_id FROM fleet_vault WHERE scheduled_for = :night AND"
                        + " (state = 'WAITING' OR state IN ('TAKEN', 'PUT_OFF') AND taken_until < CURRENT_TIMESTAMP)"
                        + " AND vault_uri IN (:vaults) ORDER BY weight DESC, vault_uri LIMIT 1 FOR UPDATE SKIP LOCKED")
                .param("night", Rows.time(night))
                .param("vaults", vaults.stream().map(VaultAddress::toString).toList())
                .query((row, number) ->
                        new Claim(VaultAddress.parse(row.getString("vault_uri")), row.getString("process_id") != null))
                .optional();
        free.ifPresent(claim -> jdbc.sql("UPDATE fleet_vault SET state = 'TAKEN', process_id = ?, taken_until = "
                        + LATER + " WHERE scheduled_for = ? AND vault_uri = ?")
                .params(
                        process,
                        lifetime.toMillis(),
                        Rows.time(night),
                        claim.vault().toString())
                .update());
        return free;
    }

    /** Lets the claims of a process last longer. */
    @Transactional
    public void renew(Instant night, String process, Duration lifetime) {
        jdbc.sql("UPDATE fleet_vault SET taken_until = " + LATER
                        + " WHERE scheduled_for = ? AND process_id = ? AND state = 'TAKEN'")
                .params(lifetime.toMillis(), Rows.time(night), process)
                .update();
    }

    /** How many processes have claims, of whatever night; at least one, which asks. */
    @Transactional(readOnly = true)
    public int processes() {
        return Math.max(
                1,
                jdbc.sql("SELECT COUNT(DISTINCT process_id) FROM fleet_vault WHERE state = 'TAKEN' AND taken_until >"
                                + " CURRENT_TIMESTAMP")
                        .query(Integer.class)
                        .single());
    }

    /** What became of a vault; does nothing if the claim has become another's. */
    @Transactional
    public void end(Instant night, String process, VaultAddress vault, int exitCode) {
        change("state = 'ENDED', taken_until = NULL, exit_code = " + exitCode, night, process, vault);
    }

    /** Anybody may claim it at once; does nothing if the claim has become another's. */
    @Transactional
    public void giveBack(Instant night, String process, VaultAddress vault) {
        change("state = 'WAITING', taken_until = NULL, process_id = NULL", night, process, vault);
    }

    /** Anybody may claim it once a claim's lifetime is over, as one that a process had; does nothing if it has become another's. */
    @Transactional
    public void putOff(Instant night, String process, VaultAddress vault) {
        change("state = 'PUT_OFF'", night, process, vault);
    }

    private void change(String what, Instant night, String process, VaultAddress vault) {
        jdbc.sql("UPDATE fleet_vault SET " + what
                        + " WHERE scheduled_for = ? AND vault_uri = ? AND process_id = ? AND state = 'TAKEN'")
                .params(Rows.time(night), vault.toString(), process)
                .update();
    }

    /** How many of these vaults nobody has ended. */
    @Transactional(readOnly = true)
    public int open(Instant night, Collection<VaultAddress> vaults) {
        return jdbc.sql(
                        "SELECT COUNT(*) FROM fleet_vault WHERE scheduled_for = :night AND state <> 'ENDED' AND vault_uri IN (:vaults)")
                .param("night", Rows.time(night))
                .param("vaults", vaults.stream().map(VaultAddress::toString).toList())
                .query(Integer.class)
                .single();
    }

    /** Those of these vaults that another process has ended, or one before this, each with its exit code. */
    @Transactional(readOnly = true)
    public Map<VaultAddress, Integer> endedElsewhere(Instant night, String process, Collection<VaultAddress> vaults) {
        return jdbc
                .sql(
                        "SELECT vault_uri, exit_code FROM fleet_vault WHERE scheduled_for = :night AND state = 'ENDED' AND process_id <> :process"
                                + " AND vault_uri IN (:vaults)")
                .param("night", Rows.time(night))
                .param("process", process)
                .param("vaults", vaults.stream().map(VaultAddress::toString).toList())
                .query((row, number) ->
                        Map.entry(VaultAddress.parse(row.getString("vault_uri")), row.getInt("exit_code")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** A process goes; what it still has is for anybody. */
    @Transactional
    public void leave(Instant night, String process) {
        jdbc.sql(
                        "UPDATE fleet_vault SET state = 'WAITING', taken_until = NULL, process_id = NULL WHERE scheduled_for = ?"
                                + " AND process_id = ? AND state = 'TAKEN'")
                .params(Rows.time(night), process)
                .update();
    }

    /** For how long the newest run of each was at work in its longest execution that came to an end; of others nothing is known. */
    @Transactional(readOnly = true)
    public Map<VaultAddress, Duration> lasted(Collection<VaultAddress> vaults) {
        Map<VaultAddress, Duration> lasted = new HashMap<>();
        if (!vaults.isEmpty()) {
            jdbc.sql("SELECT r.vault_uri, e.started_at, e.ended_at, (e.status = 'INCOMPLETE' AND e.manifest IS NULL AND"
                            + " NOT EXISTS (SELECT 1 FROM ledger_object o WHERE o.snapshot_id = r.snapshot_id)) AS nothing_came"
                            + " FROM ledger_run r JOIN ledger_execution e ON e.snapshot_id ="
                            + " r.snapshot_id JOIN (SELECT q.vault_uri, MAX(q.scheduled_for) AS newest FROM ledger_run q JOIN"
                            + " ledger_execution x ON x.snapshot_id = q.snapshot_id WHERE q.vault_uri IN (:vaults) AND x.status IN"
                            + " ('COMPLETE', 'INCOMPLETE') GROUP BY q.vault_uri) l ON l.vault_uri = r.vault_uri AND l.newest ="
                            + " r.scheduled_for WHERE e.status IN ('COMPLETE', 'INCOMPLETE')")
                    .param("vaults", vaults.stream().map(VaultAddress::toString).toList())
                    .query(row -> {
                        lasted.merge(
                                VaultAddress.parse(row.getString("vault_uri")),
                                row.getBoolean("nothing_came")
                                        ? Duration.ZERO
                                        : Duration.between(
                                                Objects.requireNonNull(Rows.instant(row, "started_at")),
                                                Objects.requireNonNull(Rows.instant(row, "ended_at"))),
                                (one, other) -> one.compareTo(other) > 0 ? one : other);
                    });
        }
        return lasted;
    }
}
