package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * What a vault's listing shows after the backups, held against the states that were copied. Safe for use by many threads; one writer a run.
 *
 * <p>A copy is of the state that is listed if its change token is the same, and if the copy's call began {@link #TELLING} or more after
 * {@code updated} by the service's time: both are in whole seconds, so only then would any change since have moved {@code updated}. The moment that all
 * copies are to be of has to be as much later, where it may be before the call.
 */
public class ClosingListing {

    /** How much later than {@code updated} a call has to begin, by the service's time, so that any change after it shows. */
    public static final Duration TELLING = Duration.ofSeconds(2);

    private static final String SAME_OBJECT =
            "c.snapshot_id = o.snapshot_id AND c.kind = o.kind AND c.name = o.name AND" + " c.execution = :execution";

    private static final String SAME_STATE =
            "(c.managed, c.created, c.updated, c.enabled, c.not_before, c.expires, c.tags, c.content_type) IS NOT DISTINCT FROM"
                    + " (o.managed, o.created, o.updated, o.enabled, o.not_before, o.expires, o.tags, o.content_type)";

    private static final String WITH_COPY = "('BACKED_UP', 'UNCHANGED')";

    /** What a certificate of the run owns is copied with it. */
    private static final String OWNED =
            "o.managed AND :certificates AND o.outcome IN ('PENDING', 'COVERED_BY_CERTIFICATE')"
                    + " AND NOT EXISTS (SELECT 1 FROM ledger_object e WHERE e.snapshot_id = o.snapshot_id AND"
                    + " e.kind = 'CERTIFICATE' AND e.name = o.name AND e.outcome = 'EXCLUDED')";

    private static String calledEarly(String owner) {
        String telling = " < c.updated + INTERVAL '" + TELLING.toSeconds() + "' SECOND";
        return "COALESCE(" + owner + ".called_after" + telling + " OR CAST(:moment AS TIMESTAMP WITH TIME ZONE)"
                + telling + ", TRUE)";
    }

    private static final String FINDINGS =
            "SELECT o.kind AS kind, o.name AS name, 'CHANGED' AS change FROM ledger_object o JOIN ledger_closing c ON "
                    + SAME_OBJECT + " WHERE o.snapshot_id = :snapshot AND (o.outcome IN " + WITH_COPY + " AND (NOT "
                    + SAME_STATE + " OR " + calledEarly("o") + ") OR " + OWNED + " AND NOT " + SAME_STATE + ")"
                    // a certificate whose key or secret is not as it was
                    + " UNION SELECT p.kind, p.name, 'CHANGED' FROM ledger_object o JOIN ledger_object p ON p.snapshot_id ="
                    + " o.snapshot_id AND p.kind = 'CERTIFICATE' AND p.name = o.name JOIN ledger_closing c ON "
                    + SAME_OBJECT
                    + " WHERE o.snapshot_id = :snapshot AND " + OWNED + " AND p.outcome IN " + WITH_COPY
                    + " AND (NOT " + SAME_STATE + " OR " + calledEarly("p")
                    + ") AND EXISTS (SELECT 1 FROM ledger_closing l"
                    + " WHERE l.snapshot_id = p.snapshot_id AND l.kind = p.kind AND l.name = p.name AND l.execution = :execution)"
                    // a secret may take the name of what a certificate owned
                    + " UNION SELECT c.kind, c.name, 'APPEARED' FROM ledger_closing c LEFT JOIN ledger_object o ON "
                    + SAME_OBJECT
                    + " WHERE c.snapshot_id = :snapshot AND c.execution = :execution AND (NOT c.managed OR :certificates)"
                    + " AND (o.name IS NULL OR o.outcome = 'DELETED_DURING_RUN' OR o.managed AND NOT c.managed AND (o.outcome ="
                    + " 'EXCLUDED' OR o.outcome = 'PENDING' AND NOT (" + OWNED + ")))"
                    + " UNION SELECT o.kind, o.name, 'VANISHED' FROM ledger_object o WHERE o.snapshot_id = :snapshot AND"
                    + " (o.outcome IN " + WITH_COPY + " OR " + OWNED
                    + ") AND NOT EXISTS (SELECT 1 FROM ledger_closing c"
                    + " WHERE " + SAME_OBJECT + ") ORDER BY kind, name";

    private static final String OF_ONE = "snapshot_id = ? AND kind = ? AND name = ?";

    private static final String TOKEN =
            "managed, created, updated, enabled, not_before, expires, tags, content_type, token_read_at";

    private static final String WITHOUT_COPY =
            "execution = ?, reason = NULL, service_status = NULL, service_code = NULL,"
                    + " message = NULL, request_id = NULL, versions = NULL, version_count = NULL, size = NULL, sha256 = NULL, blob = NULL,"
                    + " blob_version = NULL, call_began = NULL, called_after = NULL WHERE " + OF_ONE;

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final FormerCopies former;

    ClosingListing(JdbcClient jdbc, JdbcTemplate batches, FormerCopies former) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.former = former;
    }

    /** Forgets what this execution and earlier ones listed before. */
    @Transactional
    public void begin(SnapshotId snapshot, int execution) {
        jdbc.sql("DELETE FROM ledger_closing WHERE snapshot_id = ? AND execution <= ?")
                .params(snapshot.value(), execution)
                .update();
    }

    /** Notes objects that this execution has listed; only such as the run is about. */
    @Transactional
    public void add(SnapshotId snapshot, int execution, List<? extends PlannedObject> listed) {
        batches.batchUpdate(
                "INSERT INTO ledger_closing (execution, snapshot_id, kind, name, " + TOKEN + ") VALUES (" + execution
                        + ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                listed.stream().map(object -> Rows.listed(snapshot, object)).toList());
    }

    /** The service's time, at least, when the last of the run's copies was asked for; the beginning of time if there is none. */
    @Transactional(readOnly = true)
    public Instant lastCall(SnapshotId snapshot) {
        return jdbc.sql("SELECT MAX(called_after) AS last FROM ledger_object WHERE snapshot_id = ?")
                .param(snapshot.value())
                .query((row, number) -> Optional.ofNullable(Rows.instant(row, "last")))
                .single()
                .orElse(Instant.EPOCH);
    }

    /**
     * What is not listed in the state of its copy, by kind and name.
     *
     * @param moment that the copies are to be of, by the service's time: after the first listing, and before the closing one
     * @param certificatesSelected whether the run is about certificates, and so about what they own
     */
    @Transactional(readOnly = true)
    public List<Moving> moving(SnapshotId snapshot, int execution, Instant moment, boolean certificatesSelected) {
        return jdbc.sql(FINDINGS)
                .param("snapshot", snapshot.value())
                .param("execution", execution)
                .param("moment", Rows.time(moment))
                .param("certificates", certificatesSelected)
                .query((row, number) -> new Moving(Rows.id(row), Moving.Change.valueOf(row.getString("change"))))
                .list();
    }

    /**
     * Plans all that moved anew: what changed or appeared is pending in the state that is listed, what vanished is gone. A copy that an object has
     * is remembered, until there is a better one.
     *
     * @throws IllegalStateException if a later execution has begun, which knows better
     */
    @Transactional
    public void planAnew(SnapshotId snapshot, int execution, List<Moving> moving) {
        requireLatest(jdbc, snapshot, execution);
        former.remember(snapshot, of(moving, Moving.Change.CHANGED, Moving.Change.VANISHED));
        batches.batchUpdate(
                "INSERT INTO ledger_object (snapshot_id, kind, name, " + TOKEN + ", outcome, execution, attempts)"
                        + " SELECT snapshot_id, kind, name, " + TOKEN + ", 'PENDING', CAST(? AS INTEGER), 0"
                        + " FROM ledger_closing WHERE " + OF_ONE + " AND execution = " + execution
                        + " ON CONFLICT DO NOTHING",
                rows(snapshot, execution, of(moving, Moving.Change.APPEARED)));
        batches.batchUpdate(
                "UPDATE ledger_object o SET (" + TOKEN + ") = (SELECT " + TOKEN + " FROM ledger_closing c WHERE "
                        + SAME_OBJECT.replace(":execution", String.valueOf(execution)) + "), outcome = 'PENDING', "
                        + WITHOUT_COPY,
                rows(snapshot, execution, of(moving, Moving.Change.APPEARED, Moving.Change.CHANGED)));
        batches.batchUpdate(
                "UPDATE ledger_object SET outcome = 'DELETED_DURING_RUN', " + WITHOUT_COPY,
                rows(snapshot, execution, of(moving, Moving.Change.VANISHED)));
        ManagedObjects.uncover(jdbc, snapshot);
    }

    /** Whoever lost the vault's lease may have slept through it. */
    static void requireLatest(JdbcClient jdbc, SnapshotId snapshot, int execution) {
        long later = jdbc.sql("SELECT COUNT(*) FROM ledger_execution WHERE snapshot_id = ? AND execution > ?")
                .params(snapshot.value(), execution)
                .query(Long.class)
                .single();
        if (later > 0) {
            throw new IllegalStateException("a later execution of run " + snapshot + " has begun");
        }
    }

    private static Stream<Moving> of(List<Moving> moving, Moving.Change... changes) {
        return moving.stream().filter(one -> List.of(changes).contains(one.change()));
    }

    private static List<Object[]> rows(SnapshotId snapshot, int execution, Stream<Moving> moving) {
        return moving.map(one -> new Object[] {
                    execution,
                    snapshot.value(),
                    one.id().kind().name(),
                    one.id().name()
                })
                .toList();
    }
}
