package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.request.AuditReader;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Who did what, for operators. */
@Controller
final class AuditPages {

    private static final int SIZE = 50;

    private final AuditReader audit;

    AuditPages(AuditReader audit) {
        this.audit = audit;
    }

    /** @param before the number of the last entry of the page before */
    @GetMapping("/audit")
    String page(
            @RequestParam(required = false) @Nullable String who,
            @RequestParam(required = false) @Nullable String vault,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String before,
            Person person,
            Model model) {
        if (before != null && !before.matches("\\d{1,18}")) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        Long number = before == null ? null : Long.valueOf(before);
        AuditReader.Query query = new AuditReader.Query(who, vault, action);
        model.addAttribute("board", AuditBoard.of(query, audit.page(person, query, number, SIZE), number == null));
        return "audit";
    }
}
