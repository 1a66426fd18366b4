package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lets go the rows of the objects of older complete runs, of which nothing is left to do: their numbers stay in the runs' summaries, and each object is in their
 * manifests. A run that is not complete is its plan, and keeps it until it is as old as runs that are let go whole. Safe for use by many threads and processes.
 */
public class LedgerPruning {

    /** At a time, so that whoever ends a run does not wait for what a year has left; the next run goes on with it. */
    private static final int MOST_RUNS = 10;

    private static final List<String> TABLES = List.of("ledger_object", "ledger_closing", "ledger_former");

    private final JdbcClient jdbc;
    private final RunCounts counts;
    private final LedgerProperties properties;
    private final TransactionTemplate transaction;

    LedgerPruning(
            JdbcClient jdbc, RunCounts counts, LedgerProperties properties, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.counts = counts;
        this.properties = properties;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Lets go the objects of a vault's complete runs but the newest; each run's in a transaction of its own. */
    public void letGo(VaultAddress vault) {
        jdbc.sql("SELECT snapshot_id FROM ledger_summary WHERE vault_uri = ? AND status = 'COMPLETE' AND objects_kept"
                        + " ORDER BY scheduled_for DESC, snapshot_id DESC LIMIT ? OFFSET ?")
                .params(vault.toString(), MOST_RUNS, properties.keepObjects())
                .query(String.class)
                .list()
                .forEach(run ->
                        transaction.executeWithoutResult(status -> letGo(new SnapshotId(Objects.requireNonNull(run)))));
    }

    /** Lets go the objects of runs that nobody has finished since long ago, but of the vault's latest; a relaunch of one lists anew, and finds its copies in the store. */
    public void letOldPlansGo(VaultAddress vault, Instant now) {
        jdbc.sql(
                        "SELECT snapshot_id FROM ledger_summary WHERE vault_uri = :vault AND status NOT IN ('COMPLETE', 'RUNNING')"
                                + " AND objects_kept AND COALESCE(ended_at, started_at) < :before AND scheduled_for <"
                                + " (SELECT MAX(scheduled_for) FROM ledger_summary WHERE vault_uri = :vault)"
                                + " ORDER BY scheduled_for, snapshot_id LIMIT :most")
                .param("vault", vault.toString())
                .param("before", Rows.time(now.minus(properties.keepRuns())))
                .param("most", MOST_RUNS)
                .query(String.class)
                .list()
                .forEach(run ->
                        transaction.executeWithoutResult(status -> letGo(new SnapshotId(Objects.requireNonNull(run)))));
    }

    private void letGo(SnapshotId run) {
        counts.count(run); // once more, as it is the last time
        int atRest = jdbc.sql(
                        "UPDATE ledger_summary SET objects_kept = FALSE WHERE snapshot_id = ? AND status <> 'RUNNING'")
                .param(run.value())
                .update();
        if (atRest == 1) {
            for (String table : TABLES) {
                jdbc.sql("DELETE FROM " + table + " WHERE snapshot_id = ?")
                        .param(run.value())
                        .update();
            }
        }
    }
}
