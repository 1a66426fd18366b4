package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.request.RequestReader;
import io.keyvaultbackup.dashboard.view.Cursor;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.service.ExitMeaning;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/** What was asked for, and how one of it goes on. */
@Controller
final class RequestPages {

    private static final int SIZE = 30;

    private final RequestReader requests;
    private final RunReader runs;
    private final ExitMeaning meaning;
    private final InstantSource clock;

    RequestPages(RequestReader requests, RunReader runs, ExitMeaning meaning, InstantSource clock) {
        this.requests = requests;
        this.runs = runs;
        this.meaning = meaning;
        this.clock = clock;
    }

    @GetMapping("/requests")
    String all(@RequestParam(name = "behind", required = false) @Nullable String cursor, Model model) {
        Cursor behind;
        try {
            behind = Cursor.read(cursor);
        } catch (IllegalArgumentException noCursor) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, null, noCursor);
        }
        model.addAttribute(
                "board", RequestsBoard.of(requests.page(behind, SIZE), behind == null, runs, meaning, clock.instant()));
        return "requests";
    }

    /** @param seen what a page that is there already says of it; nothing is answered while it is so */
    @GetMapping("/requests/{id}")
    Object one(@PathVariable String id, @RequestParam(required = false) @Nullable String seen) {
        RequestLine line = RequestLine.all(List.of(requests.get(id)), runs, meaning, clock.instant())
                .getFirst();
        return line.mark().equals(seen)
                ? ResponseEntity.noContent().build()
                : new ModelAndView("request", "line", line);
    }
}
