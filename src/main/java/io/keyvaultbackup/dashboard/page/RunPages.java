package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.live.RunFeeds;
import io.keyvaultbackup.dashboard.request.Asking;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.ObjectCursor;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunDetailReader;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.thymeleaf.ITemplateEngine;

/** All runs, one by itself, and how far that is. A run of a vault that may not be seen is as if there were none. */
@Controller
final class RunPages {

    private static final int RUNS = 30;
    private static final int OBJECTS = 50;
    private static final int EXAMPLES = 5;

    private final FleetReader fleet;
    private final RunReader runs;
    private final RunDetailReader details;
    private final RunFeeds feeds;
    private final RunFragments form;
    private final Asking asking;

    RunPages(
            FleetReader fleet,
            RunReader runs,
            RunDetailReader details,
            RunFeeds feeds,
            ITemplateEngine templates,
            Asking asking) {
        this.fleet = fleet;
        this.runs = runs;
        this.details = details;
        this.feeds = feeds;
        this.form = new RunFragments(templates);
        this.asking = asking;
    }

    @GetMapping("/runs")
    String all(
            @RequestParam(required = false) @Nullable String vault,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(name = "behind", required = false) @Nullable String cursor,
            Model model) {
        RunSummaries.@Nullable Position behind = VaultPages.position(cursor);
        String wanted = vault == null ? "" : vault.strip();
        @Nullable RunStatus chosen = ObjectChoice.named(RunStatus.values(), status);
        Reading<RunReader.Page> page = runs.ofFleet(
                () -> fleet.view().vaults().stream().map(VaultRow::vault).toList(),
                wanted.isEmpty() ? null : wanted,
                chosen,
                behind,
                RUNS);
        model.addAttribute("board", RunsBoard.of(page, wanted, chosen, behind == null));
        return "runs";
    }

    @GetMapping("/runs/{run}")
    String one(
            @PathVariable String run,
            @RequestParam(name = "q", required = false) @Nullable String text,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(name = "behind", required = false) @Nullable String cursor,
            Person person,
            Model model,
            HttpServletResponse response) {
        Reading<Optional<RunSummary>> found = runs.find(new SnapshotId(run));
        Reading.Missing<?> gap = found.gap();
        if (gap != null) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            model.addAttribute("code", HttpStatus.SERVICE_UNAVAILABLE.value());
            model.addAttribute(
                    "problem",
                    new ErrorPages.Words(
                            gap.why(),
                            gap.advice() + " Which snapshots the store has is on the page of each vault;"
                                    + " 'keyvault-backup ls RUN' shows what is in one."));
            return "problem";
        }
        RunSummary summary = there(found);
        model.addAttribute(
                "asking", AskingBoard.ofRun(summary.vault(), summary.snapshot(), summary.status(), person, asking));
        @Nullable ObjectId behind = position(cursor);
        ObjectChoice choice = ObjectChoice.of(text, kind, outcome, reason);
        model.addAttribute(
                "board",
                RunBoard.of(
                        summary,
                        details.detail(summary, EXAMPLES),
                        details.objects(summary.snapshot(), choice.filter(), behind, OBJECTS),
                        choice,
                        behind == null));
        return "run";
    }

    @GetMapping("/runs/{run}/live")
    SseEmitter live(@PathVariable String run, HttpServletRequest request, HttpServletResponse response) {
        SnapshotId found = there(runs.find(new SnapshotId(run))).snapshot();
        SseEmitter feed = feeds.open(found, form, request.getSession(false))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE));
        response.setHeader("X-Accel-Buffering", "no"); // an Ingress that collects what it passes on would hold it back
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        return feed;
    }

    private static RunSummary there(Reading<Optional<RunSummary>> found) {
        return found.told()
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static @Nullable ObjectId position(@Nullable String cursor) {
        try {
            return ObjectCursor.read(cursor);
        } catch (IllegalArgumentException noCursor) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, null, noCursor);
        }
    }
}
