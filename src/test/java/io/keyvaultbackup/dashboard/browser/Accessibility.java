package io.keyvaultbackup.dashboard.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.openqa.selenium.JavascriptExecutor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** axe-core's look at a page: WCAG 2.2 to level AA, and its own best practices. */
final class Accessibility {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> MATTER = Set.of("serious", "critical");
    private static final String AXE = axe();
    private static final String ASK = "const done = arguments[arguments.length - 1];"
            + "axe.run(document, {resultTypes: ['violations']})"
            + ".then(found => done(JSON.stringify(found)), failed => done(JSON.stringify({failed: String(failed)})));";

    private Accessibility() {}

    private static String axe() {
        try (InputStream script = Objects.requireNonNull(Accessibility.class.getResourceAsStream("/axe.min.js"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Each rule that is broken so that it is serious or critical, with where and why. */
    static List<String> findings(JavascriptExecutor page) {
        page.executeScript(AXE);
        JsonNode found = JSON.readTree((String) Objects.requireNonNull(page.executeAsyncScript(ASK)));
        if (!found.has("violations")) {
            throw new AssertionError("axe-core did not look: " + found);
        }
        List<String> findings = new ArrayList<>();
        for (JsonNode rule : found.path("violations")) {
            if (MATTER.contains(rule.path("impact").asString())) {
                for (JsonNode place : rule.path("nodes")) {
                    findings.add(rule.path("id").asString() + " ("
                            + rule.path("impact").asString() + ") at "
                            + place.path("html").asString() + ": "
                            + place.path("failureSummary").asString());
                }
            }
        }
        return findings;
    }
}
