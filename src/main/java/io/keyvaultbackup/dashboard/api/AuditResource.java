package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.request.AuditReader;
import io.keyvaultbackup.ledger.AuditLog;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who did what, for operators. */
@RestController
@RequestMapping("/api/v1/audit")
final class AuditResource {

    private final AuditReader audit;

    AuditResource(AuditReader audit) {
        this.audit = audit;
    }

    /** @param number the higher, the later */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            long number,
            Instant at,
            String who,
            @JsonProperty("by_way") String byWay,
            @JsonProperty("from_address") String fromAddress,
            String action,
            @Nullable String vault,
            @Nullable String subject,
            String outcome) {

        static Line of(AuditLog.Kept kept) {
            AuditLog.Entry entry = kept.entry();
            return new Line(
                    kept.number(),
                    entry.at(),
                    entry.who(),
                    entry.byWay(),
                    entry.fromAddress(),
                    entry.action(),
                    entry.vault() == null ? null : entry.vault().toString(),
                    entry.subject(),
                    entry.outcome());
        }
    }

    /** @param next where the next page begins; left out if there is none */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(List<Line> entries, @Nullable String next) {}

    @GetMapping
    Answer audit(
            @RequestParam(required = false) @Nullable String who,
            @RequestParam(required = false) @Nullable String vault,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit,
            Person person) {
        AuditReader.Page page = Problem.orMissing(audit.page(
                person, new AuditReader.Query(who, vault, action), Pages.number(cursor), Limit.of(limit, Limit.USUAL)));
        return new Answer(
                page.entries().stream().map(Line::of).toList(),
                page.next() == null ? null : page.next().toString());
    }
}
