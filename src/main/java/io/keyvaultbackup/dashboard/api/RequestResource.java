package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.request.Asker;
import io.keyvaultbackup.dashboard.request.AskingByName;
import io.keyvaultbackup.dashboard.request.RequestReader;
import io.keyvaultbackup.dashboard.view.Cursor;
import io.keyvaultbackup.service.ExitMeaning;
import io.keyvaultbackup.service.Request;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What operators ask for, and what becomes of it. What is asked for is answered at once with where to look. */
@RestController
@RequestMapping("/api/v1")
final class RequestResource {

    private final AskingByName asking;
    private final RequestReader requests;
    private final ExitMeaning meaning;

    RequestResource(AskingByName asking, RequestReader requests, ExitMeaning meaning) {
        this.asking = asking;
        this.requests = requests;
        this.meaning = meaning;
    }

    /** @param next where the next page begins; left out if there is none */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(List<RequestAnswer> requests, @Nullable String next) {}

    @GetMapping("/requests")
    Answer requests(
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        RequestReader.Page page = Problem.orMissing(requests.page(position(cursor), Limit.of(limit, Limit.USUAL)));
        return new Answer(
                page.requests().stream()
                        .map(request -> RequestAnswer.of(request, meaning))
                        .toList(),
                page.next());
    }

    @GetMapping("/requests/{id}")
    RequestAnswer request(@PathVariable String id) {
        return RequestAnswer.of(requests.get(id), meaning);
    }

    @PostMapping("/vaults/{vault}/runs")
    ResponseEntity<RequestAnswer> runNow(@PathVariable String vault, Person person, HttpServletRequest from) {
        return accepted(asking.runNow(asking.vault(vault, person), Asker.of(person, from)));
    }

    @PostMapping("/runs/{run}/relaunch")
    ResponseEntity<RequestAnswer> relaunch(@PathVariable String run, Person person, HttpServletRequest from) {
        return accepted(asking.relaunch(asking.run(run, person), Asker.of(person, from)));
    }

    @PostMapping("/vaults/{vault}/stop")
    ResponseEntity<RequestAnswer> stopAtVault(
            @PathVariable String vault,
            @RequestBody(required = false) @Nullable JsonNode body,
            Person person,
            HttpServletRequest from) {
        return accepted(asking.stop(asking.vault(vault, person), reason(body), Asker.of(person, from)));
    }

    @PostMapping("/runs/{run}/stop")
    ResponseEntity<RequestAnswer> stopOfRun(
            @PathVariable String run,
            @RequestBody(required = false) @Nullable JsonNode body,
            Person person,
            HttpServletRequest from) {
        return accepted(asking.stop(asking.run(run, person), reason(body), Asker.of(person, from)));
    }

    private ResponseEntity<RequestAnswer> accepted(Request request) {
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/requests/" + request.id()))
                .body(RequestAnswer.of(request, meaning));
    }

    /** Strictly: a reason that is misspelt would be lost without a word. */
    private static @Nullable String reason(@Nullable JsonNode body) {
        if (body == null || body.isMissingNode()) {
            return null;
        }
        JsonNode reason = body.path("reason");
        boolean isText = reason.isString() || reason.isNull();
        if (!body.isObject() || body.size() > (isText ? 1 : 0)) {
            throw Problem.wrong("body", "it is an object with a text 'reason', or nothing");
        }
        return reason.isString() ? reason.asString() : null;
    }

    private static @Nullable Cursor position(@Nullable String cursor) {
        try {
            return Cursor.read(cursor);
        } catch (IllegalArgumentException noCursor) {
            throw Problem.wrong("cursor", String.valueOf(noCursor.getMessage()));
        }
    }
}
