package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.RunCursor;
import io.keyvaultbackup.dashboard.view.RunDetailReader;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The runs of all vaults. */
@RestController
@RequestMapping("/api/v1/runs")
final class RunResource {

    private final FleetReader fleet;
    private final RunReader runs;
    private final RunDetailReader details;

    RunResource(FleetReader fleet, RunReader runs, RunDetailReader details) {
        this.fleet = fleet;
        this.runs = runs;
        this.details = details;
    }

    /** @param next where the next page begins; left out if there is none */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(List<RunAnswer> runs, @Nullable String next) {

        static Answer of(RunReader.Page page) {
            return new Answer(page.runs().stream().map(RunAnswer::of).toList(), RunCursor.write(page.next()));
        }
    }

    /**
     * @param vault that the vaults' names have
     * @param status how the runs stand
     */
    @GetMapping
    Answer runs(
            @RequestParam(required = false) @Nullable String vault,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        return Answer.of(Problem.orMissing(runs.ofFleet(
                () -> fleet.view().vaults().stream().map(VaultRow::vault).toList(),
                vault == null || vault.isBlank() ? null : vault.strip(),
                Choice.of(RunStatus.values(), "status", status),
                position(cursor),
                Limit.of(limit, Limit.USUAL))));
    }

    @GetMapping("/{run}")
    RunAnswer run(@PathVariable String run) {
        RunSummary found = found(runs, run);
        return found.status() == RunStatus.RUNNING
                ? Problem.orMissing(details.now(found.snapshot(), null))
                        .map(RunAnswer::of)
                        .orElseThrow(() -> unknown(run))
                : RunAnswer.of(found);
    }

    /** @throws Problem if there is none, or none that whoever asks may see */
    static RunSummary found(RunReader runs, String run) {
        return Problem.orMissing(runs.find(new SnapshotId(run))).orElseThrow(() -> unknown(run));
    }

    private static Problem unknown(String run) {
        return Problem.unknown("There is no run " + run + ".");
    }

    static RunSummaries.@Nullable Position position(@Nullable String cursor) {
        try {
            return RunCursor.read(cursor);
        } catch (IllegalArgumentException noCursor) {
            throw Problem.wrong("cursor", String.valueOf(noCursor.getMessage()));
        }
    }
}
