package io.keyvaultbackup.dashboard.api;

import io.keyvaultbackup.dashboard.live.RunFeeds;
import io.keyvaultbackup.dashboard.snapshots.Named;
import io.keyvaultbackup.dashboard.view.ObjectCursor;
import io.keyvaultbackup.dashboard.view.RunDetail;
import io.keyvaultbackup.dashboard.view.RunDetailReader;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/** What there is of one run beside its numbers. */
@RestController
@RequestMapping("/api/v1/runs/{run}")
final class RunDetailResource {

    private static final int EXAMPLES = 10;

    private final RunReader runs;
    private final RunDetailReader details;
    private final RunFeeds feeds;
    private final JsonFeed form;

    RunDetailResource(RunReader runs, RunDetailReader details, RunFeeds feeds, JsonMapper json) {
        this.runs = runs;
        this.details = details;
        this.feeds = feeds;
        this.form = new JsonFeed(json);
    }

    /** @param text that the objects' names have */
    @GetMapping("/objects")
    RunDetailAnswers.Objects objects(
            @PathVariable String run,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(name = "q", required = false) @Nullable String text,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        RunSummary found = found(run);
        ObjectPages.Filter filter = new ObjectPages.Filter(
                Choice.of(Outcome.values(), "outcome", outcome),
                Choice.of(ObjectKind.values(), "kind", kind),
                NamedVault.parsed(() -> Optional.ofNullable(Named.part(text))).orElse(null),
                Choice.of(FailureReason.values(), "reason", reason));
        RunDetailReader.Page page = Problem.orMissing(
                details.objects(found.snapshot(), filter, position(cursor), Limit.of(limit, Limit.USUAL)));
        return new RunDetailAnswers.Objects(
                page.objects().stream().map(ObjectAnswer::of).toList(),
                ObjectCursor.write(page.next()),
                found.objectsKept());
    }

    private static @Nullable ObjectId position(@Nullable String cursor) {
        try {
            return ObjectCursor.read(cursor);
        } catch (IllegalArgumentException noCursor) {
            throw Problem.wrong("cursor", String.valueOf(noCursor.getMessage()));
        }
    }

    @GetMapping("/failures")
    RunDetailAnswers.Failures failures(@PathVariable String run) {
        return new RunDetailAnswers.Failures(
                detail(run).failures().stream().map(RunDetailAnswers.Group::of).toList());
    }

    @GetMapping("/executions")
    RunDetailAnswers.Executions executions(@PathVariable String run) {
        return RunDetailAnswers.Executions.of(detail(run));
    }

    @GetMapping("/rate")
    RunDetailAnswers.Rate rate(@PathVariable String run) {
        return new RunDetailAnswers.Rate(detail(run).now().points().stream()
                .map(RunDetailAnswers.Point::of)
                .toList());
    }

    /** For HEAD there is nothing to wait for. */
    @GetMapping("/feed")
    @Nullable
    SseEmitter feed(@PathVariable String run, HttpServletRequest request, HttpServletResponse response) {
        SnapshotId found = found(run).snapshot();
        response.setHeader("X-Accel-Buffering", "no"); // an Ingress that collects what it passes on would hold it back
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        if (request.getMethod().equals("HEAD")) {
            return null;
        }
        return feeds.open(found, form, request.getSession(false)).orElseThrow(Problem::tooManyFeeds);
    }

    private RunSummary found(String run) {
        return RunResource.found(runs, run);
    }

    private RunDetail detail(String run) {
        return Problem.orMissing(details.detail(found(run), EXAMPLES));
    }
}
