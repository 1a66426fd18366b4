package io.keyvaultbackup.ledger;

import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lets go whole what a vault's runs, examinations and restores of long ago have left in the job database; what they left in the store is there. The newest complete run
 * stays, with all that came after it, and so do the last examination and the last restore and drill. For whoever holds the vault's lease.
 */
public class OldRuns {

    /** At a time, as with {@link LedgerPruning}: some of them have a row for each object. */
    private static final int MOST = 10;

    /** What refers to a run, and the run itself at last. */
    private static final List<String> OF_A_RUN = List.of(
            "ledger_object",
            "ledger_closing",
            "ledger_former",
            "ledger_listing",
            "ledger_incident",
            "ledger_progress",
            "ledger_rate",
            "ledger_execution",
            "ledger_run");

    private static final List<String> OF_AN_EXAMINATION =
            List.of("ledger_copy_read", "ledger_finding", "ledger_verification");
    private static final List<String> OF_A_RESTORE = List.of("ledger_restore_object", "ledger_restore");

    private final JdbcClient jdbc;
    private final VaultSummaries vaults;
    private final OldJobs jobs;
    private final LedgerProperties properties;
    private final TransactionTemplate transaction;

    OldRuns(
            JdbcClient jdbc,
            VaultSummaries vaults,
            OldJobs jobs,
            LedgerProperties properties,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.vaults = vaults;
        this.jobs = jobs;
        this.properties = properties;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Lets go some of the runs that are too old, each in a transaction of its own, the oldest first; the next run goes on with it. */
    public void letRunsGo(VaultAddress vault, Instant now) {
        List<String> runs = runs(vault, before(now));
        runs.forEach(run -> transaction.executeWithoutResult(status -> letRunGo(run)));
        if (!runs.isEmpty()) {
            transaction.executeWithoutResult(status -> vaults.refresh(vault));
        }
    }

    /** The same of examinations, restores and drills, which have ended, or which nobody goes on with: so no lease is needed. */
    public void letExaminationsAndRestoresGo(VaultAddress vault, Instant now) {
        Instant before = before(now);
        examinations(vault, before)
                .forEach(id ->
                        transaction.executeWithoutResult(status -> delete(OF_AN_EXAMINATION, "verification_id", id)));
        restores(vault, before)
                .forEach(id -> transaction.executeWithoutResult(status -> delete(OF_A_RESTORE, "restore_id", id)));
    }

    /** The same of what Spring Batch recorded, of all vaults. */
    public void letJobsGo(Instant now) {
        transaction.executeWithoutResult(status -> jobs.letGo(before(now)));
    }

    private Instant before(Instant now) {
        return now.minus(properties.keepRuns());
    }

    /** Also by when it ended: what somebody has finished lately is not old, whatever night it is of. */
    private List<String> runs(VaultAddress vault, Instant before) {
        return ids(
                "SELECT snapshot_id FROM ledger_summary WHERE vault_uri = :vault AND scheduled_for < :before"
                        + " AND status <> 'RUNNING' AND COALESCE(ended_at, started_at) < :before AND scheduled_for <"
                        + " (SELECT MAX(scheduled_for) FROM ledger_summary WHERE vault_uri = :vault AND status = 'COMPLETE')"
                        + " ORDER BY scheduled_for, snapshot_id LIMIT :most",
                vault,
                before);
    }

    private void letRunGo(String run) {
        int atRest = jdbc.sql("DELETE FROM ledger_summary WHERE snapshot_id = ? AND status <> 'RUNNING'")
                .param(run)
                .update();
        if (atRest == 1) {
            delete(OF_A_RUN, "snapshot_id", run);
        }
    }

    /** One that is at work says so again and again; one that has not ended is not continued after a day. */
    private List<String> examinations(VaultAddress vault, Instant before) {
        return ids(
                "SELECT verification_id FROM ledger_verification WHERE folder = :folder AND started_at < :before"
                        + " AND heard_at < :before AND verification_id NOT IN (SELECT verification_id FROM"
                        + " ledger_verification WHERE folder = :folder AND told_at IS NOT NULL ORDER BY told_at DESC LIMIT 1)"
                        + " ORDER BY started_at LIMIT :most",
                vault,
                before);
    }

    /** One that has not ended is still the plan of what is left to do. */
    private List<String> restores(VaultAddress vault, Instant before) {
        return ids(
                "SELECT restore_id FROM ledger_restore r WHERE source = :folder AND started_at < :before"
                        + " AND ended_at < :before AND EXISTS (SELECT 1 FROM ledger_restore later WHERE later.source = :folder"
                        + " AND later.trial = r.trial AND later.ended_at IS NOT NULL AND later.started_at > r.started_at)"
                        + " ORDER BY started_at LIMIT :most",
                vault,
                before);
    }

    private List<String> ids(String query, VaultAddress vault, Instant before) {
        return jdbc.sql(query)
                .param("vault", vault.toString())
                .param("folder", vault.storeName())
                .param("before", Rows.time(before))
                .param("most", MOST)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private void delete(List<String> tables, String column, String id) {
        for (String table : tables) {
            jdbc.sql("DELETE FROM " + table + " WHERE " + column + " = ?")
                    .param(id)
                    .update();
        }
    }
}
