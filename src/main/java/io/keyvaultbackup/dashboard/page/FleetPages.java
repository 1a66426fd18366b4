package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.FleetQuery;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The fleet: the whole page, and its board alone for a page that is there already. */
@Controller
final class FleetPages {

    private final FleetReader fleet;
    private final VisibleVaults visible;

    FleetPages(FleetReader fleet, VisibleVaults visible) {
        this.fleet = fleet;
        this.visible = visible;
    }

    @GetMapping("/")
    String first() {
        return "redirect:/fleet";
    }

    @GetMapping("/fleet")
    String page(
            @RequestParam(name = "q", required = false) @Nullable String text,
            @RequestParam(required = false) @Nullable String standing,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable String order,
            @RequestParam(required = false) @Nullable String page,
            Model model) {
        model.addAttribute("board", board(text, standing, sort, order, page));
        return "fleet";
    }

    @GetMapping("/fleet/rows")
    String rows(
            @RequestParam(name = "q", required = false) @Nullable String text,
            @RequestParam(required = false) @Nullable String standing,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable String order,
            @RequestParam(required = false) @Nullable String page,
            Model model,
            HttpServletResponse response) {
        FleetBoard board = board(text, standing, sort, order, page);
        response.setHeader("HX-Replace-Url", "/fleet" + board.here());
        model.addAttribute("board", board);
        return "fleet :: board";
    }

    private FleetBoard board(
            @Nullable String text,
            @Nullable String standing,
            @Nullable String sort,
            @Nullable String order,
            @Nullable String page) {
        int number = page != null && page.matches("\\d{1,6}") ? Integer.parseInt(page) : 1;
        return FleetBoard.of(fleet.view().of(visible), FleetQuery.of(text, standing, sort, order, number));
    }
}
