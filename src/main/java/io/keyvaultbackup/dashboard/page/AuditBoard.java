package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.request.AuditReader;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.ledger.AuditLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * A page of the audit log.
 *
 * @param lines null where the job database does not tell
 * @param newest the address of the first page of the same query
 * @param next that of the page of older ones; null if these are the last
 */
public record AuditBoard(
        AuditReader.Query query,
        List<String> actions,
        List<Notice> notices,
        @Nullable List<Line> lines,
        boolean first,
        String newest,
        @Nullable String next) {

    /** What is in the log. */
    private static final List<String> ACTIONS =
            List.of("login", "logout", "token", "refused", "run_now", "relaunch", "stop", "restore_plan");

    public record Line(
            Moment at,
            String who,
            String byWay,
            String from,
            String action,
            @Nullable String vault,
            @Nullable String subject,
            String outcome) {}

    static AuditBoard of(AuditReader.Query query, Reading<AuditReader.Page> read, boolean first) {
        AuditReader.Page page = read.told().orElse(null);
        return new AuditBoard(
                query,
                ACTIONS,
                Notice.of(read, "Who did what is not shown."),
                page == null
                        ? null
                        : page.entries().stream()
                                .map(kept -> line(kept.entry()))
                                .toList(),
                first,
                link(query, null),
                page == null || page.next() == null ? null : link(query, page.next()));
    }

    private static Line line(AuditLog.Entry entry) {
        return new Line(
                Moment.of(entry.at()),
                entry.who(),
                entry.byWay(),
                entry.fromAddress(),
                entry.action(),
                entry.vault() == null ? null : entry.vault().storeName(),
                entry.subject(),
                entry.outcome());
    }

    private static String link(AuditReader.Query query, @Nullable Long before) {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("who", Objects.requireNonNullElse(query.who(), ""));
        given.put("vault", Objects.requireNonNullElse(query.vault(), ""));
        given.put("action", Objects.requireNonNullElse(query.action(), ""));
        given.put("before", before == null ? "" : before);
        given.values().removeIf(""::equals);
        UriComponentsBuilder link = UriComponentsBuilder.fromPath("/audit");
        given.keySet().forEach(name -> link.queryParam(name, "{" + name + "}"));
        return link.encode().buildAndExpand(given).toUriString();
    }
}
