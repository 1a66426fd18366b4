package io.keyvaultbackup.ledger;

import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** Who did what at the dashboard, was let in, or was refused. It is added to; what is there is never changed, and never removed. */
public class AuditLog {

    /** As many as a page of the API may have, and one that says that there are more. */
    private static final int LARGEST_PAGE = 1_001;

    private final JdbcClient jdbc;
    private final JdbcTemplate updates;

    AuditLog(JdbcClient jdbc, JdbcTemplate updates) {
        this.jdbc = jdbc;
        this.updates = updates;
    }

    /**
     * What happened. A text that is too long for its column is cut off: what is done is to be written down, whatever a browser says of itself.
     *
     * @param byWay how they showed who they are: session, token, password
     * @param vault at which, if it is about one
     * @param subject of what, such as a run or a request
     * @param outcome what came of it, such as done or refused
     */
    public record Entry(
            Instant at,
            String who,
            String byWay,
            String fromAddress,
            String action,
            @Nullable VaultAddress vault,
            @Nullable String subject,
            String outcome) {}

    /** @param number the higher, the later */
    public record Kept(long number, Entry entry) {}

    @Transactional
    public void add(Entry entry) {
        updates.update(
                "INSERT INTO dashboard_audit (happened_at, who, by_way, from_address, action, vault_uri, subject, outcome)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                Rows.time(entry.at()),
                cut(entry.who(), 200),
                cut(entry.byWay(), 20),
                cut(entry.fromAddress(), 60),
                cut(entry.action(), 40),
                entry.vault() == null ? null : entry.vault().toString(),
                entry.subject() == null ? null : cut(entry.subject(), 300),
                cut(entry.outcome(), 20));
    }

    /** PostgreSQL takes no zero, and a reader is not to be led astray by what moves the cursor. */
    private static String cut(String text, int longest) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() > longest ? line.substring(0, longest) : line;
    }

    /**
     * Which entries are wanted.
     *
     * @param vaults only what is about one of these; null for all, also what is about none
     * @param who part of who did it; null for everybody
     * @param vault part of the vault's address; null for any, and none
     * @param action that alone; null for all
     */
    public record Wanted(
            @Nullable Collection<VaultAddress> vaults,
            @Nullable String who,
            @Nullable String vault,
            @Nullable String action) {

        public static final Wanted EVERYTHING = new Wanted(null, null, null, null);

        public static Wanted of(Collection<VaultAddress> vaults) {
            return new Wanted(vaults, null, null, null);
        }
    }

    /**
     * The newest first.
     *
     * @param before only entries of lower numbers: the last one of the page before; null for the first page
     */
    @Transactional(readOnly = true)
    public List<Kept> page(Wanted wanted, @Nullable Long before, int size) {
        Collection<VaultAddress> vaults = wanted.vaults();
        if (vaults != null && vaults.isEmpty()) {
            return List.of();
        }
        JdbcClient.StatementSpec select = jdbc.sql("SELECT * FROM dashboard_audit WHERE audit_id < :before"
                        + (vaults == null ? "" : " AND vault_uri IN (:vaults)")
                        + (wanted.who() == null ? "" : " AND LOWER(who) LIKE :who ESCAPE '!'")
                        + (wanted.vault() == null ? "" : " AND vault_uri LIKE :vault ESCAPE '!'")
                        + (wanted.action() == null ? "" : " AND action = :action")
                        + " ORDER BY audit_id DESC LIMIT :size")
                .param("before", before == null ? Long.MAX_VALUE : before)
                .param("size", Math.clamp(size, 1, LARGEST_PAGE));
        if (vaults != null) {
            select.param("vaults", vaults.stream().map(VaultAddress::toString).toList());
        }
        if (wanted.who() != null) {
            select.param("who", part(wanted.who()));
        }
        if (wanted.vault() != null) {
            select.param("vault", part(wanted.vault()));
        }
        if (wanted.action() != null) {
            select.param("action", cut(wanted.action(), 40));
        }
        return select.query((row, number) -> {
                    String vault = row.getString("vault_uri");
                    return new Kept(
                            row.getLong("audit_id"),
                            new Entry(
                                    Objects.requireNonNull(Rows.instant(row, "happened_at")),
                                    row.getString("who"),
                                    row.getString("by_way"),
                                    row.getString("from_address"),
                                    row.getString("action"),
                                    vault == null ? null : VaultAddress.parse(vault),
                                    row.getString("subject"),
                                    row.getString("outcome")));
                })
                .list();
    }

    /** The pattern of what has that text somewhere, in small letters. */
    private static String part(String text) {
        return "%" + cut(text, 400).toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%";
    }
}
