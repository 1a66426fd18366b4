package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.request.Asker;
import io.keyvaultbackup.dashboard.request.AskingByName;
import io.keyvaultbackup.service.Request;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What the buttons of vaults and runs ask for. Whoever has asked is sent to the request, which tells how it goes on. */
@Controller
final class AskingPages {

    private final AskingByName asking;

    AskingPages(AskingByName asking) {
        this.asking = asking;
    }

    @PostMapping("/vaults/{vault}/run-now")
    String runNow(@PathVariable String vault, Person person, HttpServletRequest from) {
        return show(asking.runNow(asking.vault(vault, person), Asker.of(person, from)));
    }

    @PostMapping("/runs/{run}/relaunch")
    String relaunch(@PathVariable String run, Person person, HttpServletRequest from) {
        return show(asking.relaunch(asking.run(run, person), Asker.of(person, from)));
    }

    @GetMapping("/vaults/{vault}/stop")
    String confirmStopAtVault(@PathVariable String vault, Person person, Model model) {
        model.addAttribute("board", StopBoard.of(asking.vault(vault, person)));
        return "stop";
    }

    @GetMapping("/runs/{run}/stop")
    String confirmStopOfRun(@PathVariable String run, Person person, Model model) {
        AskingByName.Subject subject = asking.run(run, person);
        asking.requireToBeAtWork(subject);
        model.addAttribute("board", StopBoard.of(subject));
        return "stop";
    }

    @PostMapping("/vaults/{vault}/stop")
    String stopAtVault(
            @PathVariable String vault,
            @RequestParam(required = false) @Nullable String reason,
            Person person,
            HttpServletRequest from) {
        return show(asking.stop(asking.vault(vault, person), reason, Asker.of(person, from)));
    }

    @PostMapping("/runs/{run}/stop")
    String stopOfRun(
            @PathVariable String run,
            @RequestParam(required = false) @Nullable String reason,
            Person person,
            HttpServletRequest from) {
        return show(asking.stop(asking.run(run, person), reason, Asker.of(person, from)));
    }

    private static String show(Request request) {
        return "redirect:" + Links.request(request.id());
    }
}
