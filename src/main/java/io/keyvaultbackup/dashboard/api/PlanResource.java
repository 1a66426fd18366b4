package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.request.Asker;
import io.keyvaultbackup.dashboard.request.AskingByName;
import io.keyvaultbackup.dashboard.snapshots.Plan;
import io.keyvaultbackup.dashboard.snapshots.PlanForm;
import io.keyvaultbackup.dashboard.snapshots.PlanReader;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.service.ExitMeaning;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.Wish;
import io.keyvaultbackup.vault.VaultAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Plans of restores: asked for here, made elsewhere. Nothing is restored. */
@RestController
@RequestMapping("/api/v1")
final class PlanResource {

    private final NamedVault named;
    private final AskingByName asking;
    private final PlanReader plans;
    private final ExitMeaning meaning;

    PlanResource(NamedVault named, AskingByName asking, PlanReader plans, ExitMeaning meaning) {
        this.named = named;
        this.asking = asking;
        this.plans = plans;
        this.meaning = meaning;
    }

    /** What a restore would do with an object. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Planned(String object, String outcome, @Nullable String why) {}

    /** @param words what was said in place of a plan */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(
            String request,
            Request.State state,
            @JsonProperty("asked_at") Instant askedAt,
            String source,
            @Nullable String snapshot,
            @Nullable String vault,
            @JsonProperty("exit_code") @Nullable Integer exitCode,
            @Nullable Map<String, Long> outcomes,
            @JsonProperty("not_in_snapshot") @Nullable List<String> notInSnapshot,
            @JsonProperty("deleted_unknown") @Nullable String deletedUnknown,
            @Nullable String words,
            @Nullable List<Planned> planned,
            @Nullable String next) {}

    @PostMapping("/vaults/{vault}/snapshots/{snapshot}/plan")
    ResponseEntity<RequestAnswer> ask(
            @PathVariable String vault,
            @PathVariable String snapshot,
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") List<String> kind,
            @RequestParam(required = false) String @Nullable [] include,
            @RequestParam(required = false) String @Nullable [] exclude,
            Person person,
            HttpServletRequest request) {
        VaultAddress address = named.vault(vault);
        person.requireToOperate(address);
        SnapshotId id = NamedVault.id(snapshot);
        PlanForm form = new PlanForm(target, kind, list(include), list(exclude));
        Wish wish = NamedVault.parsed(() -> form.wish(address, id));
        named.snapshot(address, id);
        Request asked = asking.plan(wish, person, Asker.of(person, request));
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/plans/" + asked.id()))
                .body(RequestAnswer.of(asked, meaning));
    }

    private static List<String> list(String @Nullable [] given) {
        return given == null ? List.of() : List.of(given);
    }

    @GetMapping("/plans/{request}")
    Answer plan(
            @PathVariable String request,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        int size = Limit.of(limit, Limit.USUAL);
        int from = Pages.offset(cursor);
        PlanReader.Planned found = Problem.orMissing(plans.find(request))
                .orElseThrow(() -> Problem.unknown("There is no plan of that ID."));
        Request asked = found.request();
        Optional<Plan> plan = Optional.ofNullable(found.plan());
        Optional<Plan> made = plan.filter(one -> one.snapshot() != null);
        SnapshotId snapshot = asked.wish().snapshot();
        return new Answer(
                asked.id(),
                asked.state(),
                asked.askedAt(),
                asked.wish().vault().storeName(),
                made.map(Plan::snapshot).orElse(snapshot == null ? null : snapshot.value()),
                asked.wish().target() == null ? null : asked.wish().target().toString(),
                asked.exitCode(),
                made.map(one -> new TreeMap<>(one.outcomes())).orElse(null),
                made.map(Plan::notInSnapshot).orElse(null),
                made.map(Plan::deletedUnknown).orElse(null),
                plan.map(Plan::words).filter(words -> !words.isEmpty()).orElse(null),
                made.map(one -> one.rows().stream()
                                .skip(from)
                                .limit(size)
                                .map(row -> new Planned(row.object(), row.outcome(), row.why()))
                                .toList())
                        .orElse(null),
                made.filter(one -> one.rows().size() > (long) from + size)
                        .map(one -> String.valueOf(from + size))
                        .orElse(null));
    }
}
