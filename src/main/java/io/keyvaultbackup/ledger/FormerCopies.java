package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Good copies of objects that have changed since and are being copied anew: an older copy is better than none. Safe for use by many threads; one
 * writer a run.
 */
public class FormerCopies {

    /** What a certificate has come to own waits for that. */
    private static final String NOT_DONE = "o.outcome IN ('PENDING', 'FAILED') AND NOT o.managed";

    private static final String SAME_OBJECT = "f.snapshot_id = o.snapshot_id AND f.kind = o.kind AND f.name = o.name";

    static final String STATE =
            "managed, created, updated, enabled, not_before, expires, tags, content_type, token_read_at, outcome,"
                    + " execution, versions, version_count, size, sha256, blob, blob_version, call_began, called_after";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    FormerCopies(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** Keeps the copies that these objects have, where they have one, and the states that those are of. */
    @Transactional
    public void remember(SnapshotId snapshot, Stream<Moving> objects) {
        List<Object[]> rows = objects.map(one -> new Object[] {
                    snapshot.value(), one.id().kind().name(), one.id().name()
                })
                .toList();
        batches.batchUpdate( // a copy that the object has now is newer
                "DELETE FROM ledger_former f WHERE f.snapshot_id = ? AND f.kind = ? AND f.name = ? AND EXISTS (SELECT 1 FROM"
                        + " ledger_object o WHERE " + SAME_OBJECT + " AND o.outcome IN ('BACKED_UP', 'UNCHANGED'))",
                rows);
        batches.batchUpdate(
                "INSERT INTO ledger_former (snapshot_id, kind, name, " + STATE + ") SELECT snapshot_id, kind, name, "
                        + STATE
                        + " FROM ledger_object WHERE snapshot_id = ? AND kind = ? AND name = ? AND outcome IN ('BACKED_UP',"
                        + " 'UNCHANGED') ON CONFLICT DO NOTHING",
                rows);
    }

    /**
     * Gives every object that got no new copy its former one, with the state that this is of, and forgets those that are not needed any more. What
     * was gone may come back, so its copy is kept for a while.
     *
     * @return for each such object why it got no new copy
     * @throws IllegalStateException if a later execution has begun, which knows better
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW) // no row stays locked while the manifest is written
    public List<Incident> putBack(SnapshotId snapshot, int execution) {
        ClosingListing.requireLatest(jdbc, snapshot, execution);
        List<Incident> incidents = new ArrayList<>(jdbc.sql("SELECT o.* FROM ledger_object o JOIN ledger_former f ON "
                        + SAME_OBJECT + " WHERE o.snapshot_id = ? AND " + NOT_DONE + " ORDER BY o.kind, o.name")
                .param(snapshot.value())
                .query((row, number) -> {
                    Failure failure = Rows.failure(row);
                    return new Incident(
                            Rows.id(row).toString(),
                            failure == null
                                    ? Failure.of(
                                            FailureReason.DEADLINE,
                                            "it was to be copied anew, and was not; the copy of before is kept")
                                    : failure);
                })
                .list());
        jdbc.sql("UPDATE ledger_object o SET reason = NULL, service_status = NULL, service_code = NULL, message = NULL,"
                        + " request_id = NULL, (" + STATE + ") = (SELECT " + STATE + " FROM ledger_former f WHERE "
                        + SAME_OBJECT + ") WHERE o.snapshot_id = ? AND " + NOT_DONE
                        + " AND EXISTS (SELECT 1 FROM ledger_former f"
                        + " WHERE " + SAME_OBJECT + ")")
                .param(snapshot.value())
                .update();
        jdbc.sql(
                        "DELETE FROM ledger_former f WHERE f.snapshot_id = ? AND NOT EXISTS (SELECT 1 FROM ledger_object o WHERE "
                                + SAME_OBJECT + " AND o.outcome = 'DELETED_DURING_RUN')")
                .param(snapshot.value())
                .update();
        return incidents;
    }

    /** Forgets them all. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void forget(SnapshotId snapshot, int execution) {
        ClosingListing.requireLatest(jdbc, snapshot, execution);
        jdbc.sql("DELETE FROM ledger_former WHERE snapshot_id = ?")
                .param(snapshot.value())
                .update();
    }
}
