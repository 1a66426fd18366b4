package io.keyvaultbackup.ledger;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * What people were told last of each vault and topic. A change of state is told by one process alone: whose statement changes the row. Safe for use by many
 * threads and processes.
 */
public class ToldNotifications {

    private static final String GOOD = "GOOD";
    private static final String ROW = " WHERE topic = :topic AND vault = :vault";

    private final JdbcClient jdbc;

    ToldNotifications(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Notes how something stands.
     *
     * @param state its trouble; null if all is well
     * @param about of which moment that is: what is older than what is known changes nothing
     * @param repeatAfter after so long the same trouble is to be told again; null for never
     * @return since when it was in trouble, if the caller is to tell this; nothing if it was told already
     */
    @Transactional
    public Optional<Instant> turn(
            String topic,
            String vault,
            @Nullable String state,
            Instant about,
            Instant now,
            @Nullable Duration repeatAfter) {
        int inserted = row(
                        "INSERT INTO notification (topic, vault, state, about, since, told_at) VALUES (:topic, :vault, :state, :about,"
                                + " :now, :told) ON CONFLICT DO NOTHING",
                        topic,
                        vault)
                .param("state", state == null ? GOOD : state)
                .param("about", Rows.time(about))
                .param("now", Rows.time(now))
                .param("told", state == null ? null : Rows.time(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        if (inserted == 1) {
            return state == null ? Optional.empty() : Optional.of(now);
        }
        int changed = state == null
                ? ends(topic, vault, about)
                : begins(topic, vault, state, about, now, repeatAfter == null ? Instant.EPOCH : now.minus(repeatAfter));
        if (changed == 0) {
            row("UPDATE notification SET about = :about" + ROW + " AND state = :state AND about < :about", topic, vault)
                    .param("state", state == null ? GOOD : state)
                    .param("about", Rows.time(about))
                    .update();
            return Optional.empty();
        }
        return row("SELECT since FROM notification" + ROW, topic, vault)
                .query((row, number) -> Rows.instant(row, "since"))
                .optional();
    }

    private int begins(String topic, String vault, String state, Instant about, Instant now, Instant againIfBefore) {
        return row(
                        "UPDATE notification SET since = CASE WHEN state = '" + GOOD + "' THEN :now ELSE since END,"
                                + " state = :state, about = :about, told_at = :now" + ROW + " AND about <= :about"
                                + " AND (state <> :state OR told_at IS NULL OR told_at <= :again)",
                        topic,
                        vault)
                .param("state", state)
                .param("about", Rows.time(about))
                .param("now", Rows.time(now))
                .param("again", Rows.time(againIfBefore))
                .update();
    }

    private int ends(String topic, String vault, Instant about) {
        return row(
                        "UPDATE notification SET state = '" + GOOD + "', about = :about, told_at = NULL" + ROW
                                + " AND about <= :about AND state <> '" + GOOD + "'",
                        topic,
                        vault)
                .param("about", Rows.time(about))
                .update();
    }

    /** Nobody could be reached: whoever meets the same trouble next is to tell it. Does nothing if it has another state by now. */
    @Transactional
    public void untold(String topic, String vault, String state) {
        row("UPDATE notification SET told_at = NULL" + ROW + " AND state = :state", topic, vault)
                .param("state", state)
                .update();
    }

    /** The vaults that are in trouble of this topic, as far as somebody was told. */
    @Transactional(readOnly = true)
    public Set<String> inTrouble(String topic) {
        return jdbc.sql("SELECT vault FROM notification WHERE topic = ? AND state <> '" + GOOD + "'")
                .param(topic)
                .query((row, number) -> row.getString("vault"))
                .set();
    }

    private JdbcClient.StatementSpec row(String sql, String topic, String vault) {
        return jdbc.sql(sql).param("topic", topic).param("vault", vault);
    }
}
