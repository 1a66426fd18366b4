package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** The objects of runs as people look at them: page by page, by reason, or one through its runs. Safe for use by many threads. */
public class ObjectPages {

    private static final String FAILED = "FROM ledger_object WHERE snapshot_id = ? AND outcome = 'FAILED'";

    private final JdbcClient jdbc;
    private final ObjectLedger objects;
    private final RunLedger runs;

    ObjectPages(JdbcClient jdbc, ObjectLedger objects, RunLedger runs) {
        this.jdbc = jdbc;
        this.objects = objects;
        this.runs = runs;
    }

    /**
     * Which objects are wanted; null where that does not matter.
     *
     * @param name a part of it, in any case
     * @param reason why they failed
     */
    public record Filter(
            @Nullable Outcome outcome,
            @Nullable ObjectKind kind,
            @Nullable String name,
            @Nullable FailureReason reason) {

        public static final Filter ALL = new Filter(null, null, null);

        public Filter(@Nullable Outcome outcome, @Nullable ObjectKind kind, @Nullable String name) {
            this(outcome, kind, name, null);
        }
    }

    /**
     * Something that failed.
     *
     * @param subject what: {@code secret/db-password}, or {@code listing of secrets and keys}
     * @param attempts backup calls made of it, by all executions; null of what is no object
     */
    public record Failed(String subject, @Nullable Integer attempts, Failure failure) {}

    /**
     * What failed for one reason.
     *
     * @param count of objects, listings and whatever else went wrong with the latest execution
     * @param first some of them, in the order in which a report has them
     */
    public record FailureGroup(FailureReason reason, long count, List<Failed> first) {

        public FailureGroup {
            first = List.copyOf(first);
        }
    }

    /** An object in one run of its vault. */
    public record InRun(SnapshotId snapshot, Instant scheduledFor, RunStatus status, LedgerObject object) {}

    /**
     * The objects of a run, by the names of their kinds and their own.
     *
     * @param behind the last object of the page before; null for the first
     */
    @Transactional(readOnly = true)
    public List<LedgerObject> page(SnapshotId snapshot, Filter filter, @Nullable ObjectId behind, int limit) {
        StringBuilder sql = new StringBuilder("SELECT * FROM ledger_object WHERE snapshot_id = ?");
        List<Object> parameters = new ArrayList<>(List.of(snapshot.value()));
        if (filter.outcome() != null) {
            sql.append(" AND outcome = ?");
            parameters.add(filter.outcome().name());
        }
        if (filter.kind() != null) {
            sql.append(" AND kind = ?");
            parameters.add(filter.kind().name());
        }
        if (filter.name() != null) {
            sql.append(" AND POSITION(CAST(? AS VARCHAR(200)) IN LOWER(name)) > 0");
            parameters.add(filter.name().toLowerCase(Locale.ROOT));
        }
        if (filter.reason() != null) {
            sql.append(" AND outcome = 'FAILED' AND reason = ?"); // what is pending again may remember its reason
            parameters.add(filter.reason().name());
        }
        if (behind != null) {
            sql.append(" AND kind >= ? AND (kind > ? OR name > ?)");
            parameters.addAll(List.of(behind.kind().name(), behind.kind().name(), behind.name()));
        }
        parameters.add(limit);
        // all of an index: see Pages.sql
        String outcome = filter.outcome() == null ? "" : "outcome, ";
        return jdbc.sql(sql + " ORDER BY snapshot_id, " + outcome + "kind, name LIMIT ?")
                .params(parameters)
                .query((row, number) -> Rows.object(row))
                .list();
    }

    /** The objects of a run with the most versions, those with more first; such as were counted. */
    @Transactional(readOnly = true)
    public List<LedgerObject> mostVersions(SnapshotId snapshot, int limit) {
        return jdbc.sql("SELECT * FROM ledger_object WHERE snapshot_id = ? AND version_count IS NOT NULL ORDER BY"
                        + " version_count DESC, kind, name LIMIT ?")
                .params(snapshot.value(), limit)
                .query((row, number) -> Rows.object(row))
                .list();
    }

    /**
     * The failures of a run by reason, the most frequent first.
     *
     * @param examples how many of each are given
     */
    @Transactional(readOnly = true)
    public List<FailureGroup> failures(SnapshotId snapshot, int examples) {
        Map<FailureReason, Long> counts = new EnumMap<>(FailureReason.class);
        jdbc.sql("SELECT reason, COUNT(*) AS failures " + FAILED + " AND reason IS NOT NULL GROUP BY reason")
                .param(snapshot.value())
                .query(row -> {
                    counts.put(FailureReason.valueOf(row.getString("reason")), row.getLong("failures"));
                });
        Map<FailureReason, List<Incident>> besides = besides(snapshot);
        besides.forEach((reason, incidents) -> counts.merge(reason, (long) incidents.size(), Long::sum));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<FailureReason, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(reason -> new FailureGroup(
                        reason.getKey(),
                        reason.getValue(),
                        first(snapshot, reason.getKey(), besides.getOrDefault(reason.getKey(), List.of()), examples)))
                .toList();
    }

    /** What the latest execution told that is no object's, and listings, by reason. */
    private Map<FailureReason, List<Incident>> besides(SnapshotId snapshot) {
        List<Incident> all = new ArrayList<>();
        runs.find(snapshot)
                .ifPresent(run -> all.addAll(
                        runs.incidents(snapshot).getOrDefault(run.latest().number(), List.of())));
        all.addAll(Listing.incidents(objects.listings(snapshot)));
        Map<FailureReason, List<Incident>> byReason = new EnumMap<>(FailureReason.class);
        all.forEach(incident -> byReason.computeIfAbsent(incident.failure().reason(), first -> new ArrayList<>())
                .add(incident));
        return byReason;
    }

    private List<Failed> first(SnapshotId snapshot, FailureReason reason, List<Incident> besides, int examples) {
        List<Failed> first = new ArrayList<>(besides.stream()
                .limit(examples)
                .map(incident -> new Failed(incident.subject(), null, incident.failure()))
                .toList());
        if (first.size() < examples) {
            first.addAll(jdbc.sql("SELECT * " + FAILED + " AND reason = ? ORDER BY kind, name LIMIT ?")
                    .params(snapshot.value(), reason.name(), examples - first.size())
                    .query((row, number) -> new Failed(
                            Rows.id(row).toString(), row.getInt("attempts"), Objects.requireNonNull(Rows.failure(row))))
                    .list());
        }
        return first;
    }

    /** An object in the newest runs of its vault whose objects are kept, the newest first. */
    @Transactional(readOnly = true)
    public List<InRun> history(VaultAddress vault, ObjectId id, int limit) {
        return jdbc.sql(
                        "SELECT o.*, s.scheduled_for, s.status FROM ledger_summary s JOIN ledger_object o ON o.snapshot_id ="
                                + " s.snapshot_id AND o.kind = ? AND o.name = ? WHERE s.vault_uri = ? AND s.objects_kept"
                                + " ORDER BY s.scheduled_for DESC, s.snapshot_id DESC LIMIT ?")
                .params(id.kind().name(), id.name(), vault.toString(), limit)
                .query((row, number) -> new InRun(
                        new SnapshotId(row.getString("snapshot_id")),
                        Objects.requireNonNull(Rows.instant(row, "scheduled_for")),
                        RunStatus.valueOf(row.getString("status")),
                        Rows.object(row)))
                .list();
    }
}
