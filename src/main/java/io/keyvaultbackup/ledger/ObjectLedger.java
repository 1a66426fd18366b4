package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** The objects of each run, and how its listings ended. Safe for use by many threads; one writer a run. */
public class ObjectLedger {

    private static final int PAGE = 500;

    /** In the order of an index, all of it: see {@link Pages#sql}. */
    static final String PENDING_PAGE =
            "SELECT * FROM ledger_object WHERE snapshot_id = ? AND outcome = 'PENDING' AND kind = ? AND name > ?"
                    + " AND NOT managed ORDER BY snapshot_id, outcome, kind, name LIMIT ?";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    ObjectLedger(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /**
     * Adds planned objects; those that are there already stay as they are, so that an inventory may be repeated.
     *
     * @return how many were not there; more, where the database's driver does not tell
     */
    @Transactional
    public int plan(SnapshotId snapshot, int execution, List<? extends PlannedObject> objects) {
        int[] added = batches.batchUpdate(
                "INSERT INTO ledger_object (snapshot_id, kind, name, managed, created, updated, enabled, not_before, expires,"
                        + " tags, content_type, token_read_at, outcome, execution, attempts)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING",
                objects.stream()
                        .map(object -> planned(snapshot, execution, object))
                        .toList());
        return (int) Arrays.stream(added).filter(rows -> rows != 0).count();
    }

    private static @Nullable Object[] planned(SnapshotId snapshot, int execution, PlannedObject planned) {
        @Nullable Object[] listed = Rows.listed(snapshot, planned);
        @Nullable Object[] row = Arrays.copyOf(listed, listed.length + 2);
        row[listed.length] = planned.outcome().name();
        row[listed.length + 1] = execution;
        return row;
    }

    /** Notes how the listing of a kind ended, in place of what was noted before. */
    @Transactional
    public void listed(SnapshotId snapshot, Listing listing) {
        jdbc.sql("DELETE FROM ledger_listing WHERE snapshot_id = ? AND kind = ?")
                .params(snapshot.value(), listing.kind().name())
                .update();
        @Nullable Failure failure = listing.failure();
        batches.update(
                "INSERT INTO ledger_listing (snapshot_id, kind, objects, reason, service_status, service_code, message,"
                        + " request_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                snapshot.value(),
                listing.kind().name(),
                listing.objects(),
                failure == null ? null : failure.reason().name(),
                failure == null ? null : failure.status(),
                failure == null ? null : failure.code(),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.requestId());
    }

    /** How the listings ended, those that did, by kind. */
    @Transactional(readOnly = true)
    public List<Listing> listings(SnapshotId snapshot) {
        return jdbc
                .sql("SELECT * FROM ledger_listing WHERE snapshot_id = ?")
                .param(snapshot.value())
                .query((row, number) -> new Listing(
                        ObjectKind.valueOf(row.getString("kind")), row.getLong("objects"), Rows.failure(row)))
                .list()
                .stream()
                .sorted(java.util.Comparator.comparing(Listing::kind))
                .toList();
    }

    /** The kinds whose listing is complete. */
    public Set<ObjectKind> completelyListed(SnapshotId snapshot) {
        return listings(snapshot).stream()
                .filter(listing -> listing.failure() == null)
                .map(Listing::kind)
                .collect(Collectors.toSet());
    }

    /** The next pending objects of a kind that no certificate covers, by name; at most a page. */
    @Transactional(readOnly = true)
    public List<PendingObject> pending(SnapshotId snapshot, ObjectKind kind, String afterName) {
        return jdbc.sql(PENDING_PAGE)
                .params(snapshot.value(), kind.name(), afterName, PAGE)
                .query((row, number) -> new PendingObject(Rows.id(row), Rows.token(row)))
                .list();
    }

    /**
     * The first object of a kind, by name, that waits for a backup call.
     *
     * @param from the name before which none does
     */
    @Transactional(readOnly = true)
    public Optional<String> firstPending(SnapshotId snapshot, ObjectKind kind, String from) {
        return jdbc.sql(PENDING_PAGE.replace("name > ?", "name >= ?"))
                .params(snapshot.value(), kind.name(), from, 1)
                .query((row, number) -> Rows.id(row).name())
                .optional();
    }

    /** Whether so many of a kind's objects are between these two, by name. */
    @Transactional(readOnly = true)
    public boolean isApart(SnapshotId snapshot, ObjectKind kind, String name, String later, int objects) {
        return jdbc.sql("SELECT 1 FROM ledger_object WHERE snapshot_id = ? AND kind = ? AND name > ? AND name < ?"
                                + " ORDER BY snapshot_id, kind, name LIMIT ?")
                        .params(snapshot.value(), kind.name(), name, later, objects)
                        .query(Integer.class)
                        .list()
                        .size()
                == objects;
    }

    /** Whether one of these objects of a kind is this one, or comes later by name; in the database's order, which is not everywhere Java's. */
    @Transactional(readOnly = true)
    public boolean isAnyFrom(SnapshotId snapshot, ObjectKind kind, String name, List<String> names) {
        return !names.isEmpty()
                && jdbc.sql(
                                "SELECT 1 FROM ledger_object WHERE snapshot_id = :snapshot AND kind = :kind AND name >= :name"
                                        + " AND name IN (:names) LIMIT 1")
                        .param("snapshot", snapshot.value())
                        .param("kind", kind.name())
                        .param("name", name)
                        .param("names", names)
                        .query(Integer.class)
                        .optional()
                        .isPresent();
    }

    /** How many objects wait for a backup call. */
    @Transactional(readOnly = true)
    public long countPending(SnapshotId snapshot) {
        return jdbc.sql(
                        "SELECT COUNT(*) FROM ledger_object WHERE snapshot_id = ? AND outcome = 'PENDING' AND NOT managed")
                .param(snapshot.value())
                .query(Long.class)
                .single();
    }

    /** How many objects had a backup call, whatever came of it. */
    @Transactional(readOnly = true)
    public long countCalled(SnapshotId snapshot) {
        return count(snapshot, "'BACKED_UP', 'FAILED', 'DELETED_DURING_RUN'");
    }

    /** How many objects had a backup call, or wait for one; at one moment. */
    @Transactional(readOnly = true)
    public long countCalledAndPending(SnapshotId snapshot) {
        return count(snapshot, "'BACKED_UP', 'FAILED', 'DELETED_DURING_RUN', 'PENDING'");
    }

    private long count(SnapshotId snapshot, String outcomes) {
        return jdbc.sql("SELECT COUNT(*) FROM ledger_object WHERE snapshot_id = ? AND NOT managed AND outcome IN ("
                        + outcomes + ")")
                .param(snapshot.value())
                .query(Long.class)
                .single();
    }

    /**
     * Records what became of pending objects, all or none.
     *
     * @throws IllegalStateException if one of them was not pending: somebody else works on this run
     */
    @Transactional
    public void record(SnapshotId snapshot, int execution, List<? extends ObjectResult> results) {
        int[] changed = batches.batchUpdate(
                "UPDATE ledger_object SET outcome = ?, execution = ?, attempts = attempts + ?, reason = ?, service_status = ?,"
                        + " service_code = ?, message = ?, request_id = ?, versions = ?, version_count = ?, size = ?, sha256 = ?, blob = ?,"
                        + " blob_version = ?, call_began = ?, called_after = ?"
                        + " WHERE snapshot_id = ? AND kind = ? AND name = ? AND outcome = 'PENDING'",
                results.stream()
                        .map(result -> recorded(snapshot, execution, result))
                        .toList());
        for (int index = 0; index < changed.length; index++) {
            if (changed[index] != 1) {
                throw new IllegalStateException(results.get(index).id() + " of run " + snapshot
                        + " is no longer pending in the ledger: another process works on this run");
            }
        }
    }

    private static @Nullable Object[] recorded(SnapshotId snapshot, int execution, ObjectResult result) {
        Failure failure = result.failure();
        ObjectResult.Blob blob = result.blob();
        return new @Nullable Object[] {
            result.outcome().name(),
            execution,
            result.attempts(),
            failure == null ? null : failure.reason().name(),
            failure == null ? null : failure.status(),
            failure == null ? null : failure.code(),
            failure == null ? null : failure.message(),
            failure == null ? null : failure.requestId(),
            result.versions() == null ? null : Rows.json(result.versions()),
            result.versions() == null ? null : result.versions().size(),
            blob == null ? null : blob.size(),
            blob == null ? null : blob.sha256(),
            blob == null ? null : blob.name(),
            blob == null ? null : blob.version(),
            blob == null ? null : Rows.time(blob.callBegan()),
            blob == null ? null : Rows.timeOrNull(blob.calledAfter()),
            snapshot.value(),
            result.id().kind().name(),
            result.id().name()
        };
    }

    /** Adds objects with what became of them, as a manifest tells it. */
    @Transactional
    public void restore(SnapshotId snapshot, int execution, List<LedgerObject> known) {
        plan(
                snapshot,
                execution,
                known.stream()
                        .map(row -> new PlannedObject(row.object(), Outcome.PENDING, row.readAt()))
                        .toList());
        record(
                snapshot,
                execution,
                known.stream()
                        .map(LedgerObject::result)
                        .filter(result -> result.outcome() != Outcome.PENDING)
                        .toList());
    }

    /** Removes all that is recorded of a run's objects and listings. */
    @Transactional
    public void forget(SnapshotId snapshot) {
        jdbc.sql("DELETE FROM ledger_object WHERE snapshot_id = ?")
                .param(snapshot.value())
                .update();
        for (String table : List.of("ledger_listing", "ledger_closing", "ledger_former")) {
            jdbc.sql("DELETE FROM " + table + " WHERE snapshot_id = ?")
                    .param(snapshot.value())
                    .update();
        }
    }

    /**
     * Makes what failed pending again, for a relaunch. Whose certificate was not listed keeps that reason: the certificates are listed again,
     * and if it is missing then too, it is gone.
     */
    @Transactional
    public void retryFailed(SnapshotId snapshot) {
        jdbc.sql("DELETE FROM ledger_listing WHERE snapshot_id = ? AND kind = 'CERTIFICATE' AND EXISTS (SELECT 1 FROM"
                        + " ledger_object o WHERE o.snapshot_id = ledger_listing.snapshot_id AND o.reason = ?)")
                .params(snapshot.value(), FailureReason.CERTIFICATE_NOT_LISTED.name())
                .update();
        jdbc.sql("UPDATE ledger_object SET outcome = 'PENDING', reason = CASE WHEN reason = ? THEN reason END,"
                        + " service_status = NULL, service_code = NULL, message = NULL, request_id = NULL"
                        + " WHERE snapshot_id = ? AND outcome = 'FAILED'")
                .params(FailureReason.CERTIFICATE_NOT_LISTED.name(), snapshot.value())
                .update();
    }

    /** How many objects have each outcome, or had when their rows were let go; those that none has are absent. */
    @Transactional(readOnly = true)
    public Map<Outcome, Long> counts(SnapshotId snapshot) {
        Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
        jdbc.sql("SELECT outcome, COUNT(*) AS objects FROM ledger_object WHERE snapshot_id = ? GROUP BY outcome")
                .param(snapshot.value())
                .query(row -> {
                    counts.put(Outcome.valueOf(row.getString("outcome")), row.getLong("objects"));
                });
        return counts.isEmpty() ? countsOfWhatWasLetGo(snapshot) : counts;
    }

    private Map<Outcome, Long> countsOfWhatWasLetGo(SnapshotId snapshot) {
        return jdbc.sql("SELECT by_kind FROM ledger_summary WHERE snapshot_id = ? AND NOT objects_kept")
                .param(snapshot.value())
                .query((row, number) -> RunSummary.Counts.outcomes(Tallies.byKind(row.getString("by_kind"))))
                .optional()
                .orElseGet(Map::of);
    }

    /** The same of each kind; those that have no object are absent. */
    @Transactional(readOnly = true)
    public Map<ObjectKind, Map<Outcome, Long>> countsByKind(SnapshotId snapshot) {
        Map<ObjectKind, Map<Outcome, Long>> counts = new EnumMap<>(ObjectKind.class);
        jdbc.sql("SELECT kind, outcome, COUNT(*) AS objects FROM ledger_object WHERE snapshot_id = ?"
                        + " GROUP BY kind, outcome")
                .param(snapshot.value())
                .query(row -> {
                    counts.computeIfAbsent(
                                    ObjectKind.valueOf(row.getString("kind")), kind -> new EnumMap<>(Outcome.class))
                            .put(Outcome.valueOf(row.getString("outcome")), row.getLong("objects"));
                });
        return counts;
    }

    /** The reasons of all that failed, each once; listings' too. */
    @Transactional(readOnly = true)
    public Set<FailureReason> reasons(SnapshotId snapshot) {
        return jdbc
                .sql("SELECT DISTINCT reason FROM ledger_object WHERE snapshot_id = ? AND outcome = 'FAILED'"
                        + " UNION SELECT reason FROM ledger_listing WHERE snapshot_id = ? AND reason IS NOT NULL")
                .params(snapshot.value(), snapshot.value())
                .query(String.class)
                .list()
                .stream()
                .map(reason -> FailureReason.valueOf(Objects.requireNonNull(reason)))
                .collect(Collectors.toSet());
    }

    /** The first failures by kind and name, listings before objects; at most so many. */
    @Transactional(readOnly = true)
    public List<Incident> incidents(SnapshotId snapshot, int limit) {
        List<Incident> incidents = new ArrayList<>(Listing.incidents(listings(snapshot)));
        incidents.addAll(
                jdbc.sql("SELECT * FROM ledger_object WHERE snapshot_id = ? AND outcome = 'FAILED' ORDER BY kind, name"
                                + " LIMIT ?")
                        .params(snapshot.value(), Math.max(0, limit - incidents.size()))
                        .query((row, number) ->
                                new Incident(Rows.id(row).toString(), Objects.requireNonNull(Rows.failure(row))))
                        .list());
        return incidents.size() <= limit ? incidents : incidents.subList(0, limit);
    }

    /** Every object of a run by kind and name, read page by page. */
    public void forEach(SnapshotId snapshot, Consumer<LedgerObject> consumer) {
        Pages.forEach(jdbc, snapshot, "*", "TRUE", (row, number) -> Rows.object(row), consumer);
    }
}
