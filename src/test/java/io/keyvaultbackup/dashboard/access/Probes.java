package io.keyvaultbackup.dashboard.access;

import io.keyvaultbackup.emulator.MutableClock;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.InstantSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Pages that say who asks, and a clock that the tests move: there is one dashboard at a time in this JVM. */
@TestConfiguration(proxyBeanMethods = false)
@Import(Probes.Pages.class)
class Probes {

    static final MutableClock CLOCK = new MutableClock();

    @Bean
    @Primary
    InstantSource movedClock() {
        return CLOCK;
    }

    /** The pages alone, with the real time: tokens of a provider are good for a time of its own. */
    @TestConfiguration(proxyBeanMethods = false)
    @Import(Pages.class)
    static class InRealTime {}

    @RestController
    static class Pages {

        @GetMapping({"/probe", "/api/v1/probe"})
        String who(Person person) {
            return person.name() + " " + person.way() + " " + (person.isOperator() ? "operator" : "viewer");
        }

        @PostMapping({"/probe", "/api/v1/probe"})
        String done(Person person) {
            return "done for " + person.name();
        }

        @GetMapping({"/probe/{vault}", "/api/v1/probe/{vault}"})
        String seen(@PathVariable String vault, Person person) {
            person.requireToSee(VaultAddress.parse("https://" + vault));
            return "seen";
        }

        @PostMapping({"/probe/{vault}", "/api/v1/probe/{vault}"})
        String asked(@PathVariable String vault, Person person) {
            person.requireToOperate(VaultAddress.parse("https://" + vault));
            return "asked";
        }
    }
}
