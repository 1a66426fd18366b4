package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Copies of earlier snapshots in place of new ones, for pending objects that are in the same state. Safe for use by many threads; one writer a
 * run.
 */
public class ReusedCopies {

    private static final String TELLING = "INTERVAL '" + ClosingListing.TELLING.toSeconds() + "' SECOND";

    private static final String TIME = "CAST(? AS TIMESTAMP(6) WITH TIME ZONE)";

    /** Two seconds, so that another change within the second of {@code updated} would have shown when the token was read. */
    private static final String SAME_STATE = "NOT managed AND token_read_at >= updated + " + TELLING
            + " AND token_read_at >= " + TIME
            + " AND (created, updated, enabled, not_before, expires, tags, content_type) IS NOT DISTINCT FROM (" + TIME
            + ", " + TIME + ", CAST(? AS BOOLEAN), " + TIME + ", " + TIME
            + ", CAST(? AS TEXT), CAST(? AS VARCHAR(1000)))";

    static final String WITHOUT_COPY =
            "outcome = 'PENDING', versions = NULL, version_count = NULL, size = NULL, sha256 = NULL, blob = NULL,"
                    + " blob_version = NULL, call_began = NULL, called_after = NULL";

    private static final String TO_FORMER = "INSERT INTO ledger_former (snapshot_id, kind, name, " + FormerCopies.STATE
            + ") SELECT snapshot_id, kind, name, " + FormerCopies.STATE + " FROM ledger_object WHERE ";

    private static final String CERTIFICATES_OF_CHANGED_PARTS =
            "snapshot_id = ? AND execution = ? AND kind = 'CERTIFICATE' AND outcome = 'UNCHANGED' AND EXISTS (SELECT 1 FROM"
                    + " ledger_object m WHERE m.snapshot_id = ledger_object.snapshot_id AND m.name = ledger_object.name AND"
                    + " m.managed AND COALESCE(ledger_object.called_after < m.updated + " + TELLING + ", TRUE))";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    ReusedCopies(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** The objects of a run that have, or are to have, copies of their own. */
    public void forEach(SnapshotId snapshot, Consumer<ObjectId> consumer) {
        Pages.forEach(
                jdbc,
                snapshot,
                "kind, name",
                "NOT managed AND outcome NOT IN ('EXCLUDED', 'DELETED_DURING_RUN')",
                (row, number) -> Rows.id(row),
                consumer);
    }

    /** The kinds of which objects are pending that have no earlier copy to fall back on, or that an earlier execution left unchanged. */
    @Transactional(readOnly = true)
    public Set<ObjectKind> left(SnapshotId snapshot, int execution) {
        return jdbc
                .sql(
                        "SELECT DISTINCT kind FROM ledger_object o WHERE snapshot_id = ? AND (outcome = 'UNCHANGED' AND execution < ?"
                                + " OR outcome = 'PENDING' AND NOT managed AND NOT EXISTS (SELECT 1 FROM ledger_former f WHERE"
                                + " f.snapshot_id = o.snapshot_id AND f.kind = o.kind AND f.name = o.name))")
                .params(snapshot.value(), execution)
                .query(String.class)
                .list()
                .stream()
                .map(kind -> ObjectKind.valueOf(Objects.requireNonNull(kind)))
                .collect(Collectors.toSet());
    }

    /**
     * Gives pending objects these copies, each if the object is in the state that the copy is of; then it is UNCHANGED.
     *
     * @return how many got one
     * @throws IllegalStateException if a later execution has begun, which knows better
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public int reuse(SnapshotId snapshot, int execution, List<LedgerObject> copies) {
        ClosingListing.requireLatest(jdbc, snapshot, execution);
        return take(snapshot, execution, copies);
    }

    private int take(SnapshotId snapshot, int execution, List<LedgerObject> copies) {
        return Arrays.stream(batches.batchUpdate(
                        "UPDATE ledger_object SET outcome = 'UNCHANGED', execution = ?, versions = ?, version_count = ?, size = ?, sha256 = ?, blob = ?,"
                                + " blob_version = ?, call_began = ?, called_after = ? WHERE snapshot_id = ? AND kind = ? AND name = ?"
                                + " AND outcome = 'PENDING' AND " + SAME_STATE,
                        copies.stream()
                                .map(copy -> row(snapshot, execution, copy))
                                .toList()))
                .sum();
    }

    /**
     * The same for objects that are to be copied anew all the same: pending again, each with this copy to fall back on. An object that an
     * earlier execution left with it is among them.
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void refresh(SnapshotId snapshot, int execution, List<LedgerObject> copies) {
        ClosingListing.requireLatest(jdbc, snapshot, execution);
        take(snapshot, execution, copies);
        String ofOne = "snapshot_id = ? AND kind = ? AND name = ? AND outcome = 'UNCHANGED' AND blob = ?";
        List<Object[]> rows = copies.stream()
                .map(copy -> new Object[] {
                    snapshot.value(),
                    copy.object().id().kind().name(),
                    copy.object().id().name(),
                    Objects.requireNonNull(copy.result().blob()).name()
                })
                .toList();
        batches.batchUpdate(TO_FORMER + ofOne + " ON CONFLICT DO NOTHING", rows);
        batches.batchUpdate("UPDATE ledger_object SET " + WITHOUT_COPY + " WHERE " + ofOne, rows);
        ManagedObjects.uncover(jdbc, snapshot);
    }

    private static @Nullable Object[] row(SnapshotId snapshot, int execution, LedgerObject copy) {
        ObjectResult.Blob blob = Objects.requireNonNull(copy.result().blob());
        ChangeToken token = copy.object().token();
        return new @Nullable Object[] {
            execution,
            copy.result().versions() == null ? null : Rows.json(copy.result().versions()),
            copy.result().versions() == null ? null : copy.result().versions().size(),
            blob.size(),
            blob.sha256(),
            blob.name(),
            blob.version(),
            Rows.time(blob.callBegan()),
            Rows.timeOrNull(blob.calledAfter()),
            snapshot.value(),
            copy.object().id().kind().name(),
            copy.object().id().name(),
            Rows.timeOrNull(blob.calledAfter()),
            Rows.timeOrNull(token.created()),
            Rows.timeOrNull(token.updated()),
            token.enabled(),
            Rows.timeOrNull(token.notBefore()),
            Rows.timeOrNull(token.expires()),
            Rows.json(new TreeMap<>(token.tags())),
            token.contentType()
        };
    }

    /**
     * Makes certificates pending again that this execution gave an earlier copy, if their key or secret was changed after that, or so shortly
     * before it that nobody can tell. They have that copy to fall back on.
     */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void copyCertificatesOfChangedParts(SnapshotId snapshot, int execution) {
        copyAnew(snapshot, execution, CERTIFICATES_OF_CHANGED_PARTS, snapshot.value(), execution);
    }

    /** Makes pending again whatever was taken over from earlier snapshots, each with that copy to fall back on. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void copyAllAnew(SnapshotId snapshot, int execution) {
        copyAnew(snapshot, execution, "snapshot_id = ? AND outcome = 'UNCHANGED'", snapshot.value());
    }

    private void copyAnew(SnapshotId snapshot, int execution, String which, Object... parameters) {
        ClosingListing.requireLatest(jdbc, snapshot, execution);
        jdbc.sql(TO_FORMER + which + " ON CONFLICT DO NOTHING")
                .params(parameters)
                .update();
        jdbc.sql("UPDATE ledger_object SET " + WITHOUT_COPY + " WHERE " + which)
                .params(parameters)
                .update();
        ManagedObjects.uncover(jdbc, snapshot);
    }

    /** Makes pending again what this execution took over, without anything to fall back on: it is not to be trusted. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void undo(SnapshotId snapshot, int execution) {
        ClosingListing.requireLatest(jdbc, snapshot, execution);
        jdbc.sql("DELETE FROM ledger_former WHERE snapshot_id = ? AND execution = ? AND outcome = 'UNCHANGED'")
                .params(snapshot.value(), execution)
                .update();
        jdbc.sql("UPDATE ledger_object SET " + WITHOUT_COPY
                        + " WHERE snapshot_id = ? AND execution = ? AND outcome = 'UNCHANGED'")
                .params(snapshot.value(), execution)
                .update();
        ManagedObjects.uncover(jdbc, snapshot);
    }
}
