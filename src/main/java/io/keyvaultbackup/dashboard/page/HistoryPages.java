package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.HistoryReader;
import io.keyvaultbackup.dashboard.snapshots.Named;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** One object over the runs of its vault. */
@Controller
final class HistoryPages {

    private static final int RUNS = 30;

    private final FleetReader fleet;
    private final VisibleVaults visible;
    private final HistoryReader histories;

    HistoryPages(FleetReader fleet, VisibleVaults visible, HistoryReader histories) {
        this.fleet = fleet;
        this.visible = visible;
        this.histories = histories;
    }

    @GetMapping("/vaults/{vault}/objects/{kind}/{name}")
    String page(
            @PathVariable String vault,
            @PathVariable String kind,
            @PathVariable String name,
            @RequestParam(name = "behind", required = false) @Nullable String cursor,
            Model model) {
        ShownVault shown = ShownVault.of(fleet, visible, vault);
        ObjectId id = Named.object(kind, name).orElseThrow(ShownVault::nothing);
        @Nullable SnapshotId behind = ShownVault.behind(cursor);
        HistoryReader.Page page = histories.history(shown.row().vault(), id, behind, RUNS);
        model.addAttribute("board", HistoryBoard.of(shown.row(), id, page, behind == null));
        return "object";
    }
}
