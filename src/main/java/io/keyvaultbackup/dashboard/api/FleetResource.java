package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.dashboard.view.Standing;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The fleet, and a vault of it. */
@RestController
@RequestMapping("/api/v1")
final class FleetResource {

    private final FleetReader fleet;
    private final RunReader runs;
    private final VisibleVaults visible;

    FleetResource(FleetReader fleet, RunReader runs, VisibleVaults visible) {
        this.fleet = fleet;
        this.runs = runs;
        this.visible = visible;
    }

    /** @param counts of all vaults, by standing; those that none has are left out */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(
            @JsonProperty("as_of") Instant asOf,
            @JsonProperty("next_run") @Nullable Instant nextRun,
            @JsonProperty("objective_seconds") long objectiveSeconds,
            SourceAnswer database,
            SourceAnswer store,
            List<String> remarks,
            Map<String, Long> counts,
            List<VaultAnswer> vaults,
            @Nullable String next) {}

    /**
     * @param text that the vaults' names have
     * @param cursor where the page before ended, as it says itself
     */
    @GetMapping("/fleet")
    Answer fleet(
            @RequestParam(name = "q", required = false) @Nullable String text,
            @RequestParam(required = false) @Nullable String standing,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        int most = Limit.of(limit, Limit.LARGEST);
        @Nullable String behind = Pages.vault(cursor);
        @Nullable Standing wanted = Choice.of(Standing.values(), "standing", standing);
        FleetView view = fleet.view().of(visible);
        List<VaultRow> found = view.vaults().stream()
                .filter(row -> text == null || row.path().contains(text.strip().toLowerCase(Locale.ROOT)))
                .filter(row -> wanted == null || row.standing() == wanted)
                .filter(row -> behind == null || row.path().compareTo(behind) > 0)
                .limit(most + 1L)
                .toList();
        List<VaultRow> shown = found.subList(0, Math.min(most, found.size()));
        Map<String, Long> counts = new LinkedHashMap<>();
        view.counts().forEach((how, many) -> {
            if (many > 0) {
                counts.put(how.key(), many);
            }
        });
        return new Answer(
                view.at(),
                view.nextRun(),
                view.objective().toSeconds(),
                SourceAnswer.of(view.database()),
                SourceAnswer.of(view.store()),
                view.remarks(),
                counts,
                shown.stream().map(VaultAnswer::of).toList(),
                found.size() > most ? shown.getLast().path() : null);
    }

    @GetMapping("/vaults/{vault}")
    VaultAnswer vault(@PathVariable String vault) {
        return VaultAnswer.of(row(vault));
    }

    @GetMapping("/vaults/{vault}/runs")
    RunResource.Answer runs(
            @PathVariable String vault,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        return RunResource.Answer.of(Problem.orMissing(
                runs.ofVault(row(vault).vault(), RunResource.position(cursor), Limit.of(limit, Limit.USUAL))));
    }

    private VaultRow row(String vault) {
        FleetView view = fleet.view().of(visible);
        return view.find(vault).orElseThrow(() -> {
            Problem.orMissing(view.database());
            return Problem.unknown("There is no vault " + vault + ".");
        });
    }
}
