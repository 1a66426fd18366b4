package io.keyvaultbackup.dashboard.access;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where people log in. */
@Controller
final class LoginPage {

    private final AccessProperties properties;

    LoginPage(AccessProperties properties) {
        this.properties = properties;
    }

    @GetMapping("/login")
    String login(
            @RequestParam(name = "refused", required = false) @Nullable String refused,
            @RequestParam(name = "out", required = false) @Nullable String out,
            Model model) {
        if (properties.issuer() != null) {
            model.addAttribute("provider", URI.create(properties.issuer()).getHost());
            model.addAttribute("begin", LoginLimit.BEGINNING);
        }
        Optional<LoginRefusal> why = Optional.ofNullable(refused).flatMap(LoginRefusal::ofWord);
        why.ifPresent(one -> {
            model.addAttribute("what", one.what());
            model.addAttribute("whatToDo", one.whatToDo());
        });
        model.addAttribute("out", out != null);
        return "login";
    }
}
