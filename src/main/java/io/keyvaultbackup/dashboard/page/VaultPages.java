package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.request.Asking;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.RunCursor;
import io.keyvaultbackup.dashboard.view.RunReader;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.ledger.RunSummaries;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** A vault by itself. One that may not be seen is as if there were none. */
@Controller
final class VaultPages {

    private static final int RUNS = 30;

    private final FleetReader fleet;
    private final RunReader runs;
    private final VisibleVaults visible;
    private final Asking asking;

    VaultPages(FleetReader fleet, RunReader runs, VisibleVaults visible, Asking asking) {
        this.fleet = fleet;
        this.runs = runs;
        this.visible = visible;
        this.asking = asking;
    }

    @GetMapping("/vaults/{vault}")
    String page(
            @PathVariable String vault,
            @RequestParam(name = "behind", required = false) @Nullable String cursor,
            Person person,
            Model model) {
        FleetView view = fleet.view().of(visible);
        VaultRow row = view.find(vault).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        RunSummaries.@Nullable Position behind = position(cursor);
        model.addAttribute(
                "board",
                VaultBoard.of(
                        view, row, asking(view, row, person), runs.ofVault(row.vault(), behind, RUNS), behind == null));
        return "vault";
    }

    private AskingBoard asking(FleetView view, VaultRow row, Person person) {
        Reading.Missing<?> gap = view.database().gap();
        return AskingBoard.ofVault(
                row.vault(),
                row.latest() == null ? null : row.latest().status(),
                gap == null ? null : gap.why() + " Nothing can be asked for.",
                person,
                asking);
    }

    static RunSummaries.@Nullable Position position(@Nullable String cursor) {
        try {
            return RunCursor.read(cursor);
        } catch (IllegalArgumentException noCursor) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, null, noCursor);
        }
    }
}
