package io.keyvaultbackup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.testservices.MonitoringProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The rules of config/prometheus: what promtool says of them, and that each alert is tested and explained. */
class RulesTest {

    private static final Path RUNBOOK = Path.of("docs/alerts.md");
    private static final Pattern SECTION = Pattern.compile("^## (\\w+)$", Pattern.MULTILINE);

    @Test
    void promtoolFindsNothingWrong() throws Exception {
        assertThat(promtool("check", "rules", MonitoringFiles.RULES.toString()))
                .contains("SUCCESS")
                .doesNotContain("FAILED");
    }

    @Test
    void eachAlertFiresWhenItIsToAndNotBefore() throws Exception {
        assertThat(promtool("test", "rules", MonitoringFiles.RULES_TEST.toString()))
                .contains("SUCCESS")
                .doesNotContain("FAILED");
    }

    @Test
    void eachAlertIsTestedBothWays() {
        TreeSet<String> fires = new TreeSet<>();
        TreeSet<String> doesNot = new TreeSet<>();
        for (JsonNode test : MonitoringFiles.yaml(MonitoringFiles.RULES_TEST).path("tests")) {
            for (JsonNode one : test.path("alert_rule_test")) {
                (one.path("exp_alerts").isEmpty() ? doesNot : fires)
                        .add(one.path("alertname").asString());
            }
        }

        assertThat(fires).isEqualTo(alerts()).isEqualTo(doesNot);
    }

    @Test
    void eachAlertHasASectionThatSaysWhatItMeansAndWhatToDo() throws IOException {
        String runbook = Files.readString(RUNBOOK);

        List<String> sections =
                SECTION.matcher(runbook).results().map(found -> found.group(1)).toList();
        assertThat(new TreeSet<>(sections)).isEqualTo(alerts());
        for (String section : Pattern.compile("^## ", Pattern.MULTILINE)
                .splitAsStream(runbook)
                .toList()) {
            if (alerts().contains(section.lines().findFirst().orElse(""))) {
                assertThat(section).contains("**What it means.**", "**What to do.**", "```sh");
            }
        }
        for (JsonNode group : MonitoringFiles.yaml(MonitoringFiles.RULES).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                if (rule.has("alert")) {
                    assertThat(rule.path("annotations").path("runbook").asString())
                            .isEqualTo("docs/alerts.md#"
                                    + rule.path("alert").asString().toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    private static Set<String> alerts() {
        TreeSet<String> alerts = new TreeSet<>();
        MonitoringFiles.rules().stream().filter(MonitoringFiles.Rule::isAlert).forEach(rule -> alerts.add(rule.name()));
        return alerts;
    }

    private static String promtool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(MonitoringProgram.find("promtool")));
        command.addAll(List.of(arguments));
        Process promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.onExit().join().exitValue()).as(said).isZero();
        return said;
    }
}
