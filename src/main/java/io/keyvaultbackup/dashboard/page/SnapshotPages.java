package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.snapshots.Named;
import io.keyvaultbackup.dashboard.snapshots.ObjectReader;
import io.keyvaultbackup.dashboard.snapshots.SnapshotFacts;
import io.keyvaultbackup.dashboard.snapshots.SnapshotReader;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectId;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** A vault's snapshots, and one of them with its objects. */
@Controller
final class SnapshotPages {

    private static final int SNAPSHOTS = 30;
    private static final int OBJECTS = 100;

    private final FleetReader fleet;
    private final VisibleVaults visible;
    private final SnapshotReader snapshots;
    private final ObjectReader objects;

    SnapshotPages(FleetReader fleet, VisibleVaults visible, SnapshotReader snapshots, ObjectReader objects) {
        this.fleet = fleet;
        this.visible = visible;
        this.snapshots = snapshots;
        this.objects = objects;
    }

    @GetMapping("/vaults/{vault}/snapshots")
    String list(
            @PathVariable String vault,
            @RequestParam(name = "behind", required = false) @Nullable String cursor,
            Model model) {
        ShownVault shown = ShownVault.of(fleet, visible, vault);
        @Nullable SnapshotId behind = ShownVault.behind(cursor);
        SnapshotReader.Page page = snapshots.list(shown.row().vault(), behind, SNAPSHOTS);
        model.addAttribute("board", SnapshotsBoard.of(shown.fleet(), shown.row(), page, behind == null));
        return "snapshots";
    }

    @GetMapping("/vaults/{vault}/snapshots/{snapshot}")
    String one(
            @PathVariable String vault,
            @PathVariable String snapshot,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(name = "behind", required = false) @Nullable String cursor,
            Person person,
            Model model,
            HttpServletResponse response) {
        ShownVault shown = ShownVault.of(fleet, visible, vault);
        SnapshotReader.Page found = snapshots.find(shown.row().vault(), ShownVault.snapshot(snapshot));
        SnapshotFacts facts = ShownVault.found(found);
        FilterForm form = FilterForm.of(q, kind, outcome, state);
        @Nullable String wrong = null;
        Reading<ObjectReader.Page> page = new Reading.Awaited<>();
        try {
            page = objects.page(facts, form.filter(), behind(cursor), OBJECTS);
        } catch (IllegalArgumentException noFilter) {
            wrong = noFilter.getMessage();
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
        model.addAttribute(
                "board",
                SnapshotBoard.of(
                        shown.fleet(),
                        shown.row(),
                        found,
                        facts,
                        form,
                        wrong,
                        page,
                        person.mayOperate(shown.row().vault())));
        return "snapshot";
    }

    private static @Nullable ObjectId behind(@Nullable String text) {
        return text == null || text.isEmpty() ? null : Named.object(text).orElseThrow(ShownVault::nothing);
    }
}
