package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.SearchReader;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Objects of all vaults, by name. */
@Controller
final class SearchPages {

    private static final int HITS = 100;

    private final FleetReader fleet;
    private final VisibleVaults visible;
    private final SearchReader searches;

    SearchPages(FleetReader fleet, VisibleVaults visible, SearchReader searches) {
        this.fleet = fleet;
        this.visible = visible;
        this.searches = searches;
    }

    @GetMapping("/objects")
    String page(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(name = "behind", required = false) @Nullable String cursor,
            Model model,
            HttpServletResponse response) {
        FilterForm form = FilterForm.of(q, kind, outcome, state);
        @Nullable String wrong = null;
        SearchReader.@Nullable Found found = null;
        try {
            if (!form.isEmpty()) {
                found = searches.search(
                        fleet.view().of(visible).vaults(), form.filter(), SearchReader.Position.read(cursor), HITS);
            }
        } catch (IllegalArgumentException noFilter) {
            wrong = noFilter.getMessage();
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
        model.addAttribute("board", SearchBoard.of(form, wrong, found));
        return "objects";
    }
}
