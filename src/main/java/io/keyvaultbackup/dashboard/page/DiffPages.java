package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.DiffReader;
import io.keyvaultbackup.dashboard.snapshots.SnapshotReader;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Two snapshots of a vault, compared. */
@Controller
final class DiffPages {

    private static final int CHOICES = 100;
    private static final int DIFFERENCES = 100;

    private final FleetReader fleet;
    private final VisibleVaults visible;
    private final SnapshotReader snapshots;
    private final DiffReader diffs;

    DiffPages(FleetReader fleet, VisibleVaults visible, SnapshotReader snapshots, DiffReader diffs) {
        this.fleet = fleet;
        this.visible = visible;
        this.snapshots = snapshots;
        this.diffs = diffs;
    }

    @GetMapping("/vaults/{vault}/diff")
    String page(
            @PathVariable String vault,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(defaultValue = "") String change,
            @RequestParam(defaultValue = "") String offset,
            Model model,
            HttpServletResponse response) {
        ShownVault shown = ShownVault.of(fleet, visible, vault);
        DiffBoard.Wanted wanted = new DiffBoard.Wanted(from.strip(), to.strip(), null, 0, DIFFERENCES);
        @Nullable String wrong = null;
        Reading<DiffReader.Pair> pair = new Reading.Awaited<>();
        try {
            if (!wanted.from().isEmpty() && !wanted.to().isEmpty()) {
                DiffReader.Question question = DiffReader.Question.of(from, to, change, offset(offset));
                wanted = new DiffBoard.Wanted(
                        wanted.from(), wanted.to(), question.only(), question.offset(), DIFFERENCES);
                pair = diffs.diff(shown.row().vault(), question, DIFFERENCES);
                wrong = pair.told().map(DiffReader.Pair::unknown).orElse(null);
                if (wrong != null) {
                    response.setStatus(HttpStatus.NOT_FOUND.value());
                }
            }
        } catch (IllegalArgumentException noSnapshot) {
            wrong = noSnapshot.getMessage();
            response.setStatus(HttpStatus.BAD_REQUEST.value());
        }
        // a store that has not answered is not waited for once more
        Reading<List<String>> choices =
                pair.gap() == null ? snapshots.names(shown.row().vault(), CHOICES) : new Reading.Awaited<>();
        Reading<?> store = pair.gap() == null ? choices : pair;
        model.addAttribute(
                "board",
                DiffBoard.of(
                        shown.row(),
                        choices.told().orElse(List.of()),
                        Notice.missing(store, "Snapshots can not be compared without it.")
                                .toList(),
                        wanted,
                        wrong,
                        pair.told().map(DiffReader.Pair::diff).orElse(null)));
        return "diff";
    }

    private static long offset(String text) {
        if (!text.matches("\\d{0,9}")) {
            throw new IllegalArgumentException("offset: it is a number");
        }
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
