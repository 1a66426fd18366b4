package io.keyvaultbackup.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What config/ has for Prometheus and Grafana. */
final class MonitoringFiles {

    static final Path RULES = Path.of("config/prometheus/keyvault-backup.rules.yaml");
    static final Path RULES_TEST = Path.of("config/prometheus/keyvault-backup.rules.test.yaml");
    static final Path DASHBOARD = Path.of("config/grafana/keyvault-backup.json");

    private static final JsonMapper JSON = new JsonMapper();

    /** A metric's name, or a recorded one's, with what is asked of its labels. */
    private static final Pattern SELECTOR = Pattern.compile("\\b(keyvault|spring_batch)_[a-z0-9_:]+(\\{[^}]*})?");

    private MonitoringFiles() {}

    /** A rule: what it is called, and what it asks. */
    record Rule(String name, boolean isAlert, String expression) {}

    static JsonNode yaml(Path file) {
        try {
            return JSON.valueToTree(new Yaml().load(Files.readString(file)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode group : yaml(RULES).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                boolean alert = rule.has("alert");
                rules.add(new Rule(
                        rule.path(alert ? "alert" : "record").asString(),
                        alert,
                        rule.path("expr").asString()));
            }
        }
        return rules;
    }

    /** Each query of Grafana's dashboard, for all vaults. */
    static List<String> queries() {
        try {
            JsonNode dashboard = JSON.readTree(Files.readString(DASHBOARD));
            List<String> queries = new ArrayList<>();
            for (JsonNode panel : dashboard.path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    queries.add(target.path("expr").asString().replace("$vault", ".*"));
                }
            }
            for (JsonNode variable : dashboard.path("templating").path("list")) {
                queries.addAll(
                        selectors(variable.path("definition").asString("")).toList());
            }
            return queries;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Stream<String> selectors(String expression) {
        return SELECTOR.matcher(expression).results().map(MatchResult::group);
    }
}
