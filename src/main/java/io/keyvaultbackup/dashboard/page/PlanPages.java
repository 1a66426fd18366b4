package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.request.Asker;
import io.keyvaultbackup.dashboard.request.AskingByName;
import io.keyvaultbackup.dashboard.request.NotAskedException;
import io.keyvaultbackup.dashboard.snapshots.PlanForm;
import io.keyvaultbackup.dashboard.snapshots.PlanReader;
import io.keyvaultbackup.dashboard.snapshots.SnapshotReader;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.service.ExitMeaning;
import io.keyvaultbackup.service.Wish;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What a restore would do: asked for here, made elsewhere, and shown here. Nothing is restored. */
@Controller
final class PlanPages {

    private static final String NO_KIND = "That can not be planned: no kind is chosen.";

    private final FleetReader fleet;
    private final VisibleVaults visible;
    private final SnapshotReader snapshots;
    private final AskingByName asking;
    private final PlanReader plans;
    private final ExitMeaning meaning;

    PlanPages(
            FleetReader fleet,
            VisibleVaults visible,
            SnapshotReader snapshots,
            AskingByName asking,
            PlanReader plans,
            ExitMeaning meaning) {
        this.fleet = fleet;
        this.visible = visible;
        this.snapshots = snapshots;
        this.asking = asking;
        this.plans = plans;
        this.meaning = meaning;
    }

    @GetMapping("/vaults/{vault}/snapshots/{snapshot}/plan")
    String form(@PathVariable String vault, @PathVariable String snapshot, Person person, Model model) {
        ShownVault shown = ShownVault.of(fleet, visible, vault);
        SnapshotId id = operable(shown, snapshot, person);
        return form(shown, id, person, PlanForm.EMPTY, null, model);
    }

    @PostMapping("/vaults/{vault}/snapshots/{snapshot}/plan")
    String ask(
            @PathVariable String vault,
            @PathVariable String snapshot,
            @RequestParam(defaultValue = "") String target,
            @RequestParam(defaultValue = "") List<String> kind,
            @RequestParam(defaultValue = "") String include,
            @RequestParam(defaultValue = "") String exclude,
            Person person,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        ShownVault shown = ShownVault.of(fleet, visible, vault);
        SnapshotId id = operable(shown, snapshot, person);
        PlanForm form = new PlanForm(target, kind, List.of(include), List.of(exclude));
        Wish wish;
        if (kind.isEmpty()) { // of the verb and the API, none is all; of a form, none is what somebody chose
            response.setStatus(HttpStatus.BAD_REQUEST.value());
            return form(shown, id, person, form, new Notice("warning", NO_KIND, "Choose below."), model);
        }
        try {
            wish = form.wish(shown.row().vault(), id);
        } catch (IllegalArgumentException wrong) {
            response.setStatus(HttpStatus.BAD_REQUEST.value());
            return form(shown, id, person, form, new Notice("warning", sentence(wrong), "Correct it below."), model);
        }
        try {
            return "redirect:/plans/"
                    + asking.plan(wish, person, Asker.of(person, request)).id();
        } catch (NotAskedException refused) {
            response.setStatus(refused.status().value());
            return form(shown, id, person, form, new Notice("warning", refused.what(), refused.advice()), model);
        }
    }

    @GetMapping("/plans/{request}")
    String plan(
            @PathVariable String request,
            @RequestParam(required = false) @Nullable String page,
            Model model,
            HttpServletResponse response) {
        Reading<Optional<PlanReader.Planned>> found = plans.find(request);
        Reading.Missing<?> gap = found.gap();
        if (gap != null) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            model.addAttribute("code", HttpStatus.SERVICE_UNAVAILABLE.value());
            model.addAttribute("problem", new ErrorPages.Words(gap.why(), gap.advice()));
            return "problem";
        }
        int number = page != null && page.matches("[1-9]\\d{0,5}") ? Integer.parseInt(page) : 1;
        model.addAttribute(
                "board",
                PlanBoard.of(found.told().flatMap(one -> one).orElseThrow(ShownVault::nothing), number, meaning));
        return "plan";
    }

    private SnapshotId operable(ShownVault shown, String snapshot, Person person) {
        person.requireToOperate(shown.row().vault());
        SnapshotId id = ShownVault.snapshot(snapshot);
        var _ = ShownVault.found(snapshots.find(shown.row().vault(), id));
        return id;
    }

    private static String sentence(IllegalArgumentException wrong) {
        return "That can not be planned: " + wrong.getMessage() + ".";
    }

    private String form(
            ShownVault shown, SnapshotId id, Person person, PlanForm form, @Nullable Notice notice, Model model) {
        @Nullable String whyNot = asking.whyNoPlan();
        model.addAttribute(
                "board",
                PlanFormBoard.of(
                        shown,
                        id,
                        person,
                        form,
                        whyNot == null ? notice : new Notice("warning", whyNot, ""),
                        whyNot == null));
        return "plan-form";
    }
}
