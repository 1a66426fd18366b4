package io.keyvaultbackup.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * What people were told last of each vault and topic. A change of state is told by one process alone, who claims it; a claim that is neither told nor renewed
 * within two minutes is void, so that another tells what a process that died did not. Safe for use by many threads and processes.
 */
public class ToldNotifications {

    private static final String GOOD = "GOOD";
    private static final Duration LONGEST_CLAIM = Duration.ofMinutes(2);
    private static final String ROW = " WHERE topic = :topic AND vault = :vault";

    private final JdbcClient jdbc;

    ToldNotifications(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * How something stands.
     *
     * @param state its trouble; null if all is well
     * @param about of which moment that is: what is older than what is known changes nothing
     * @param examined what this was found by; null if it was no examination
     */
    public record Standing(
            String topic,
            String vault,
            @Nullable String state,
            Instant about,
            @Nullable Examined examined) {

        /** The row's, once it is noted. */
        public Key key() {
            return new Key(topic, vault, state == null ? GOOD : state);
        }
    }

    /**
     * What was looked at.
     *
     * @param snapshot its id; ids of a vault sort by time
     * @param part which part of the copies was read, such as 1/4; 0/1 is none, and 1/1 all
     */
    public record Examined(String snapshot, String part) {

        private static final String NONE = "0/1";
        private static final String ALL = "1/1";
    }

    /** What is to be told, or was. */
    public record Key(String topic, String vault, String state) {}

    /**
     * What the caller is to tell.
     *
     * @param since when the trouble began
     * @param events all its states since then
     */
    public record Turn(Instant since, Set<String> events) {}

    /**
     * What is known of a vault.
     *
     * @param inTrouble also if nobody was told yet that it is over
     * @param toldAt when somebody was told of the trouble, or began to; null if nobody was
     */
    public record Known(boolean inTrouble, @Nullable Instant toldAt) {}

    private record Row(
            String state,
            Set<String> events,
            Instant about,
            Instant since,
            @Nullable Instant claimedAt,
            @Nullable Instant toldAt) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getString("state"),
                    Arrays.stream(row.getString("events").split(" ", -1))
                            .filter(event -> !event.isEmpty())
                            .collect(Collectors.toCollection(TreeSet::new)),
                    row.getObject("about", java.time.OffsetDateTime.class).toInstant(),
                    row.getObject("since", java.time.OffsetDateTime.class).toInstant(),
                    Rows.instant(row, "claimed_at"),
                    Rows.instant(row, "told_at"));
        }

        boolean isClaimed(Instant now) {
            return claimedAt != null && claimedAt.isAfter(now.minus(LONGEST_CLAIM));
        }

        boolean isTold(Instant now, @Nullable Duration repeatAfter) {
            return toldAt != null && (repeatAfter == null || toldAt.isAfter(now.minus(repeatAfter)));
        }
    }

    /**
     * Notes how something stands, and claims what is to be told of it.
     *
     * @param repeatAfter after so long the same trouble is to be told again; null for never
     * @return nothing if it is told already, or another is about to
     */
    @Transactional
    public Optional<Turn> turn(Standing standing, Instant now, @Nullable Duration repeatAfter) {
        Row row = locked(standing, now);
        if (standing.about().isBefore(row.about()) || !noted(standing)) {
            return Optional.empty();
        }
        return standing.state() == null
                ? end(standing, row, now)
                : begin(standing, standing.state(), row, now, repeatAfter);
    }

    private Row locked(Standing standing, Instant now) {
        row(
                        "INSERT INTO notification (topic, vault, state, events, about, since) VALUES (:topic, :vault, '"
                                + GOOD + "', '', :about, :now) ON CONFLICT DO NOTHING",
                        standing)
                .param("about", Rows.time(standing.about()))
                .param("now", Rows.time(now))
                .update();
        return row("SELECT * FROM notification" + ROW + " FOR UPDATE", standing)
                .query((row, number) -> Row.of(row))
                .single();
    }

    /** False where a trouble goes on that this examination could not have seen. */
    private boolean noted(Standing standing) {
        Examined examined = standing.examined();
        if (examined == null) {
            return true;
        }
        if (standing.state() != null) {
            findings(
                            "DELETE FROM notification_finding" + ROW + " AND part = :part AND snapshot <= :snapshot",
                            standing,
                            examined)
                    .update();
            findings(
                            "INSERT INTO notification_finding (topic, vault, part, snapshot) VALUES (:topic, :vault, :part, :snapshot)"
                                    + " ON CONFLICT DO NOTHING",
                            standing,
                            examined)
                    .update();
            return true;
        }
        String covered = examined.part().equals(Examined.ALL) ? "" : " AND part IN (:part, '" + Examined.NONE + "')";
        findings("DELETE FROM notification_finding" + ROW + " AND snapshot <= :snapshot" + covered, standing, examined)
                .update();
        return row("SELECT COUNT(*) FROM notification_finding" + ROW, standing)
                        .query(Long.class)
                        .single()
                == 0;
    }

    private JdbcClient.StatementSpec findings(String sql, Standing standing, Examined examined) {
        return row(sql, standing).param("part", examined.part()).param("snapshot", examined.snapshot());
    }

    private Optional<Turn> end(Standing standing, Row row, Instant now) {
        boolean toTell = !row.events().isEmpty() && (!row.state().equals(GOOD) || !row.isClaimed(now));
        update(
                standing,
                new Row(
                        GOOD,
                        row.events(),
                        standing.about(),
                        row.since(),
                        toTell ? now : row.claimedAt(),
                        row.state().equals(GOOD) ? row.toldAt() : null));
        return toTell ? Optional.of(new Turn(row.since(), row.events())) : Optional.empty();
    }

    private Optional<Turn> begin(
            Standing standing, String state, Row row, Instant now, @Nullable Duration repeatAfter) {
        boolean goesOn = row.state().equals(state);
        boolean toTell = !goesOn || !(row.isClaimed(now) || row.isTold(now, repeatAfter));
        boolean isNew = row.state().equals(GOOD);
        Set<String> events = new TreeSet<>(Set.of(state));
        events.addAll(isNew ? Set.of() : row.events());
        Instant since = isNew ? now : row.since();
        update(
                standing,
                new Row(
                        state,
                        events,
                        standing.about(),
                        since,
                        toTell ? now : row.claimedAt(),
                        goesOn ? row.toldAt() : null));
        return toTell ? Optional.of(new Turn(since, events)) : Optional.empty();
    }

    private void update(Standing standing, Row row) {
        row(
                        "UPDATE notification SET state = :state, events = :events, about = :about, since = :since, claimed_at = :claimed,"
                                + " told_at = :told" + ROW,
                        standing)
                .param("state", row.state())
                .param("events", String.join(" ", row.events()))
                .param("about", Rows.time(row.about()))
                .param("since", Rows.time(row.since()))
                .param("claimed", Rows.timeOrNull(row.claimedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("told", Rows.timeOrNull(row.toldAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** Somebody was reached, or nobody wants to hear of it. Does nothing to what has another state by now. */
    @Transactional
    public void told(Collection<Key> keys, Instant now) {
        all(
                "UPDATE notification SET told_at = :now, claimed_at = NULL, events = CASE WHEN state = '" + GOOD
                        + "' THEN '' ELSE events END",
                keys,
                now);
    }

    /** Nobody could be reached: whoever meets the same next is to tell it. */
    @Transactional
    public void untold(Collection<Key> keys, Instant now) {
        all(
                "UPDATE notification SET claimed_at = CASE WHEN claimed_at <= :now THEN NULL ELSE claimed_at END",
                keys,
                now);
    }

    /** It is still to be told by this process. */
    @Transactional
    public void renew(Collection<Key> keys, Instant now) {
        all("UPDATE notification SET claimed_at = CASE WHEN claimed_at IS NULL THEN NULL ELSE :now END", keys, now);
    }

    private void all(String update, Collection<Key> keys, Instant now) {
        if (!keys.isEmpty()) {
            jdbc.sql(update + " WHERE (topic, vault, state) IN (:keys)")
                    .param("now", Rows.time(now))
                    .param(
                            "keys",
                            keys.stream()
                                    .distinct()
                                    .map(key -> new Object[] {key.topic(), key.vault(), key.state()})
                                    .toList())
                    .update();
        }
    }

    /** The vaults of which something of this topic is known. */
    @Transactional(readOnly = true)
    public Map<String, Known> known(String topic) {
        Map<String, Known> known = new LinkedHashMap<>();
        jdbc.sql("SELECT * FROM notification WHERE topic = ? ORDER BY vault")
                .param(topic)
                .query(row -> {
                    Row one = Row.of(row);
                    known.put(
                            row.getString("vault"),
                            new Known(
                                    !one.events().isEmpty(),
                                    one.state().equals(GOOD)
                                            ? null
                                            : one.claimedAt() == null ? one.toldAt() : one.claimedAt()));
                });
        return known;
    }

    private JdbcClient.StatementSpec row(String sql, Standing standing) {
        return jdbc.sql(sql).param("topic", standing.topic()).param("vault", standing.vault());
    }
}
