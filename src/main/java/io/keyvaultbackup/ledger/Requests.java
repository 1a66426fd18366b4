package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.JacksonException;

/**
 * What operators ask for, who does it, and what became of it. Who does one has a claim on it, which ends unless it is renewed; until when it lasts is counted
 * by the database, so that the clocks of processes do not matter. Safe for use by many threads and processes.
 */
public class Requests {

    private static final String LATER = "CURRENT_TIMESTAMP + CAST(? AS BIGINT) * INTERVAL '0.001' SECOND";

    private static final Duration KEPT = Duration.ofDays(90);
    private static final Duration RESULTS_KEPT = Duration.ofDays(7);
    private static final int LONGEST_NAME = 200;

    /** As many as a page of the API may have, and one that says that there are more. */
    private static final int LARGEST_PAGE = 1_001;

    /** The exit code of what is wrong usage. */
    private static final int NOT_UNDERSTOOD = 2;

    private static final String WITHOUT_RESULT =
            "request_id, action, vault_uri, snapshot_id, target_uri, kinds, include_globs, exclude_globs, reason, asked_by, asked_at,"
                    + " state, process_id, taken_until, ended_at, exit_code, job, NULL AS result";

    private final JdbcClient jdbc;
    private final JdbcTemplate updates;

    Requests(JdbcClient jdbc, JdbcTemplate updates) {
        this.jdbc = jdbc;
        this.updates = updates;
    }

    /** Where a page of a listing begins: after this request. */
    public record After(Instant askedAt, String id) {}

    /**
     * Writes a wish down.
     *
     * @param job names the Kubernetes Job that is about to be made for a request of that id; null where a worker is to take it
     * @return nothing if there is an open request already of the same action at the same vault
     */
    @Transactional
    public Optional<Request> add(Wish wish, String askedBy, Instant now, @Nullable UnaryOperator<String> job) {
        endOld(now);
        forgetOld(now);
        String id = UUID.randomUUID().toString();
        int added = updates.update(
                "INSERT INTO dashboard_request (request_id, action, vault_uri, snapshot_id, target_uri, kinds, include_globs,"
                        + " exclude_globs, reason, asked_by, asked_at, state, open_for, job)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAITING', ?, ?) ON CONFLICT DO NOTHING",
                id,
                wish.action().name(),
                wish.vault().toString(),
                wish.snapshot() == null ? null : wish.snapshot().value(),
                wish.target() == null ? null : wish.target().toString(),
                wish.selection().kinds().stream().sorted().map(ObjectKind::name).collect(Collectors.joining(",")),
                Rows.json(wish.selection().include()),
                Rows.json(wish.selection().exclude()),
                wish.reason(),
                askedBy.length() > LONGEST_NAME ? askedBy.substring(0, LONGEST_NAME) : askedBy,
                Rows.time(now),
                wish.action() + " " + wish.vault(),
                job == null ? null : job.apply(id));
        return added == 0 ? Optional.empty() : find(id);
    }

    /** Ends what nobody took in time, so that it keeps nobody from asking again. */
    private void endOld(Instant now) {
        jdbc.sql(
                        "UPDATE dashboard_request SET state = 'LAPSED', ended_at = ?, open_for = NULL WHERE state = 'WAITING' AND asked_at < ?")
                .params(Rows.time(now), Rows.time(now.minus(Request.LONGEST_WAIT)))
                .update();
        jdbc.sql(
                        "UPDATE dashboard_request SET state = 'LAPSED', ended_at = ?, open_for = NULL WHERE state = 'TAKEN' AND taken_until <"
                                + " CURRENT_TIMESTAMP - CAST(? AS BIGINT) * INTERVAL '1' SECOND")
                .params(Rows.time(now), Request.LONGEST_WAIT.toSeconds())
                .update();
    }

    private void forgetOld(Instant now) {
        jdbc.sql(
                        "UPDATE dashboard_request SET result = NULL WHERE state = 'DONE' AND asked_at < ? AND result IS NOT NULL")
                .param(Rows.time(now.minus(RESULTS_KEPT)))
                .update();
        jdbc.sql("DELETE FROM dashboard_request WHERE state IN ('DONE', 'LAPSED') AND asked_at < ?")
                .param(Rows.time(now.minus(KEPT)))
                .update();
    }

    /** The Job was not made: nobody will do it. */
    @Transactional
    public void withdraw(String id, Instant now, String why) {
        jdbc.sql(
                        "UPDATE dashboard_request SET state = 'LAPSED', ended_at = ?, open_for = NULL, result = ? WHERE request_id = ? AND state = 'WAITING'")
                .params(Rows.time(now), why, id)
                .update();
    }

    /**
     * The oldest request of such an action at one of these vaults that nobody does, and no Job is to do: for this process from now on.
     *
     * @param vaults those that the process knows: a request of any other is not taken, whoever wrote it down
     */
    @Transactional
    public Optional<Request> claim(
            String process,
            Collection<RequestedAction> actions,
            Collection<VaultAddress> vaults,
            Duration lifetime,
            Instant now) {
        endOld(now);
        if (vaults.isEmpty()) {
            return Optional.empty();
        }
        while (true) {
            Optional<String> free = jdbc.sql(
                            "SELECT request_id FROM dashboard_request WHERE job IS NULL AND (state = 'WAITING' OR"
                                    + " state = 'TAKEN' AND taken_until < CURRENT_TIMESTAMP) AND action IN (:actions) AND vault_uri IN (:vaults)"
                                    + " ORDER BY asked_at, request_id LIMIT 1 FOR UPDATE SKIP LOCKED")
                    .param(
                            "actions",
                            actions.stream().map(RequestedAction::name).toList())
                    .param("vaults", vaults.stream().map(VaultAddress::toString).toList())
                    .query(String.class)
                    .optional();
            if (free.isEmpty()) {
                return Optional.empty();
            }
            becomeTaken(free.get(), process, lifetime);
            Optional<Request> claimed = find(free.get());
            if (claimed.isPresent()) {
                return claimed;
            }
            done(free.get(), process, NOT_UNDERSTOOD, "This request is not one that this program writes down.", now);
        }
    }

    /**
     * This request, for this process from now on, whoever had it: a Job begins another pod only when it has lost the one before, or when that failed.
     *
     * @return what is to be done, unless it is done and well (DONE, 0); nothing if there is no such request
     */
    @Transactional
    public Optional<Request> take(String id, String process, Duration lifetime) {
        Optional<Request> known = jdbc.sql(
                        "SELECT " + WITHOUT_RESULT + " FROM dashboard_request WHERE request_id = ? FOR UPDATE")
                .param(id)
                .query((row, number) -> readable(row))
                .optional()
                .flatMap(request -> request);
        if (known.isEmpty() || isDoneWell(known.get())) {
            return known;
        }
        becomeTaken(id, process, lifetime);
        return find(id);
    }

    private static boolean isDoneWell(Request request) {
        Integer exitCode = request.exitCode();
        return request.state() == Request.State.DONE && exitCode != null && exitCode == 0;
    }

    private void becomeTaken(String id, String process, Duration lifetime) {
        jdbc.sql(
                        "UPDATE dashboard_request SET state = 'TAKEN', process_id = ?, exit_code = NULL, ended_at = NULL, taken_until = "
                                + LATER + " WHERE request_id = ?")
                .params(process, lifetime.toMillis(), id)
                .update();
    }

    /** Lets claims of a process last longer. */
    @Transactional
    public void renew(String process, Collection<String> ids, Duration lifetime) {
        for (String id : ids) {
            jdbc.sql("UPDATE dashboard_request SET taken_until = " + LATER
                            + " WHERE request_id = ? AND process_id = ? AND state = 'TAKEN'")
                    .params(lifetime.toMillis(), id, process)
                    .update();
        }
    }

    /**
     * How the verb ended; does nothing if the claim has become another's.
     *
     * @param result what it said, if that is kept
     */
    @Transactional
    public void done(String id, String process, int exitCode, @Nullable String result, Instant now) {
        updates.update(
                "UPDATE dashboard_request SET state = 'DONE', open_for = NULL, taken_until = NULL, exit_code = ?, result = ?,"
                        + " ended_at = ? WHERE request_id = ? AND process_id = ? AND state = 'TAKEN'",
                exitCode,
                result,
                Rows.time(now),
                id,
                process);
    }

    /** The process is to end before it is done: anybody may take it at once. Does nothing if the claim has become another's. */
    @Transactional
    public void giveBack(String id, String process) {
        jdbc.sql(
                        "UPDATE dashboard_request SET state = 'WAITING', process_id = NULL, taken_until = NULL WHERE request_id = ?"
                                + " AND process_id = ? AND state = 'TAKEN'")
                .params(id, process)
                .update();
    }

    /** One, with its result. */
    @Transactional(readOnly = true)
    public Optional<Request> find(String id) {
        return jdbc.sql("SELECT * FROM dashboard_request WHERE request_id = ?")
                .param(id)
                .query((row, number) -> readable(row))
                .optional()
                .flatMap(request -> request);
    }

    /**
     * The newest first, without their results; fewer than the size only where there are no more.
     *
     * @param vaults only those of these vaults; null for all
     * @param after the last one of the page before; null for the first page
     */
    @Transactional(readOnly = true)
    public List<Request> page(@Nullable Collection<VaultAddress> vaults, @Nullable After after, int size) {
        if (vaults != null && vaults.isEmpty()) {
            return List.of();
        }
        int wanted = Math.clamp(size, 1, LARGEST_PAGE);
        List<Request> page = new ArrayList<>();
        @Nullable After from = after;
        boolean more = true;
        while (more) {
            int asked = wanted - page.size();
            List<Row> rows = rows(vaults, from, asked);
            rows.forEach(row -> row.request().ifPresent(page::add));
            more = rows.size() == asked && page.size() < wanted;
            from = rows.isEmpty() ? null : rows.getLast().place();
        }
        return page;
    }

    /** One that may not be readable, and is passed over then. */
    private record Row(After place, Optional<Request> request) {}

    private List<Row> rows(@Nullable Collection<VaultAddress> vaults, @Nullable After after, int size) {
        JdbcClient.StatementSpec select = jdbc.sql("SELECT " + WITHOUT_RESULT + " FROM dashboard_request WHERE 1 = 1"
                        + (vaults == null ? "" : " AND vault_uri IN (:vaults)")
                        + (after == null ? "" : " AND (asked_at < :asked OR asked_at = :asked AND request_id < :id)")
                        + " ORDER BY asked_at DESC, request_id DESC LIMIT :size")
                .param("size", size);
        if (vaults != null) {
            select.param("vaults", vaults.stream().map(VaultAddress::toString).toList());
        }
        if (after != null) {
            select.param("asked", Rows.time(after.askedAt())).param("id", after.id());
        }
        return select.query((row, number) -> new Row(
                        new After(Objects.requireNonNull(Rows.instant(row, "asked_at")), row.getString("request_id")),
                        readable(row)))
                .list();
    }

    /** Nothing if somebody wrote down what this program would not: it is to stop neither a worker nor a listing. */
    private static Optional<Request> readable(ResultSet row) throws SQLException {
        try {
            return Optional.of(request(row));
        } catch (IllegalArgumentException | JacksonException notOurs) {
            return Optional.empty();
        }
    }

    private static Request request(ResultSet row) throws SQLException {
        String snapshot = row.getString("snapshot_id");
        String target = row.getString("target_uri");
        int exitCode = row.getInt("exit_code");
        boolean hasEnded = !row.wasNull();
        return new Request(
                row.getString("request_id"),
                new Wish(
                        RequestedAction.valueOf(row.getString("action")),
                        VaultAddress.parse(row.getString("vault_uri")),
                        snapshot == null ? null : new SnapshotId(snapshot),
                        target == null ? null : VaultAddress.parse(target),
                        new Selection(
                                Arrays.stream(row.getString("kinds").split(",", -1))
                                        .map(ObjectKind::valueOf)
                                        .collect(Collectors.toSet()),
                                Rows.strings(row.getString("include_globs")),
                                Rows.strings(row.getString("exclude_globs"))),
                        row.getString("reason")),
                row.getString("asked_by"),
                Objects.requireNonNull(Rows.instant(row, "asked_at")),
                Request.State.valueOf(row.getString("state")),
                row.getString("process_id"),
                Rows.instant(row, "taken_until"),
                Rows.instant(row, "ended_at"),
                hasEnded ? exitCode : null,
                row.getString("job"),
                row.getString("result"));
    }
}
