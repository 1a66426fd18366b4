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

    private final FleetReader fleet;
    private final VisibleVaults visible;
    private final SnapshotReader snapshots;
    private final AskingByName asking;
    private final PlanReader plans;

    PlanPages(
            FleetReader fleet, VisibleVaults visible, SnapshotReader snapshots, AskingByName asking, PlanReader plans) {
        this.fleet = fleet;
        this.visible = visible;
        this.snapshots = snapshots;
        this.asking = asking;
        this.plans = plans;
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
        try {
            wish = form.wish(shown.row().vault(), id);
        } catch (IllegalArgumentException wrong) {
            response.setStatus(HttpStatus.BAD_REQUEST.value());
            return form(shown, id, person, form, new Notice("warning", sentence(wrong), "Correct it below."), model);
        }
        if (!person.mayOperate(form.targetVault())) {
            response.setStatus(HttpStatus.FORBIDDEN.value());
            return form(shown, id, person, form, notYours(form), model);
        }
        try {
            return "redirect:/plans/"
                    + asking.plan(wish, Asker.of(person, request)).id();
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
                "board", PlanBoard.of(found.told().flatMap(one -> one).orElseThrow(ShownVault::nothing), number));
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

    private static Notice notYours(PlanForm form) {
        return new Notice(
                "warning",
                "You may not ask for a plan into " + form.target() + ": it tells of that vault's objects.",
                "Ask whoever runs this dashboard for the role of an operator there.");
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
