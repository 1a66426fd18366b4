package io.keyvaultbackup.dashboard.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.dashboard.Browsing;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the served API answers is what its description says. */
class OpenApiAnswersTest extends EmulatedVaultTest {

    private final DescribedApi api = DescribedApi.read();

    private static String path(EmulatedVault vault) {
        return vault.uri().getHost() + "_" + vault.uri().getPort();
    }

    /** Of each route one or more addresses at which there is something. A new route needs one here. */
    private Map<String, List<String>> examples(Browsing browsing, EmulatedVault another) {
        String other = "/api/v1/vaults/" + path(another);
        String vaults = "/api/v1/vaults/" + path(vault);
        List<String> runs = browsing.json("/api/v1/runs")
                .path("runs")
                .valueStream()
                .map(run -> "/api/v1/runs/" + run.path("run").asString())
                .toList();
        return new TreeMap<>(Map.of(
                "/api/v1/fleet", List.of("/api/v1/fleet", "/api/v1/fleet?q=nobody"),
                "/api/v1/vaults/{vault}", List.of(vaults, other),
                "/api/v1/vaults/{vault}/runs", List.of(vaults + "/runs", other + "/runs"),
                "/api/v1/runs", List.of("/api/v1/runs", "/api/v1/runs?limit=1"),
                "/api/v1/runs/{run}", runs));
    }

    @Test
    void everyAnswerIsAsItIsDescribed() {
        // given
        bench.with(SkippingTime.class);
        vault.secrets("app", 3);
        EmulatedVault other = emulator.vault("another");
        other.secrets("db", 2);
        other.faults().on(Operation.BACKUP, "secret", "db000001").always().forbid("ForbiddenByRbac");
        assertThat(bench.backUp(vault).exitCode()).isZero();
        assertThat(bench.run("verify", "--vault", vault.uri().toString()).exitCode())
                .isZero();
        assertThat(bench.backUp(other).exitCode()).isEqualTo(3);
        bench.set("keyvault-backup.dashboard.schedule", "0 3 * * *");
        SoftAssertions all = new SoftAssertions();

        try (Browsing browsing = Browsing.of(bench.serve())) {
            Map<String, List<String>> examples = examples(browsing, other);
            all.assertThat(examples.keySet())
                    .as("routes of which this test has an example: the new one needs one, too")
                    .isEqualTo(api.gets());
            for (String route : api.gets()) {
                for (String example : examples.getOrDefault(route, List.of())) {
                    expect(all, browsing, route, example, Set.of(200));
                }
            }
            all.assertAll();

            // then what is wrong is told as it is described, too
            for (String route : api.gets()) {
                String example = examples.getOrDefault(route, List.of(route)).getFirst();
                if (route.contains("{")) {
                    expect(all, browsing, route, route.replaceAll("\\{[^}]*}", "unknown"), Set.of(400, 404));
                }
                for (JsonNode parameter : api.query(route)) {
                    wrong(parameter)
                            .forEach(value ->
                                    expect(all, browsing, route, with(example, parameter, value), Set.of(400)));
                    right(parameter)
                            .forEach(value ->
                                    expect(all, browsing, route, with(example, parameter, value), Set.of(200)));
                }
            }
        }
        all.assertAll();
    }

    @Test
    void whatIsNotAsDescribedIsFound() {
        JsonNode run = new JsonMapper().readTree("{\"runs\": [], \"next\": 7, \"more\": true}");

        assertThat(api.problems("/api/v1/runs", 200, run))
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains("next", "string"))
                .anySatisfy(problem -> assertThat(problem).contains("more"));
        assertThat(api.problems("/api/v1/runs", 404, new JsonMapper().createObjectNode()))
                .containsExactly("404 is not described");
        assertThat(api.problems("/api/v1/runs", 400, new JsonMapper().createObjectNode()))
                .hasSize(3);
    }

    @Test
    void everyReferenceIsToSomethingThatIsThere() {
        assertThat(api.references())
                .isNotEmpty()
                .allSatisfy(reference ->
                        assertThat(api.has(reference)).as(reference).isTrue());
    }

    private static String with(String example, JsonNode parameter, String value) {
        return example + (example.contains("?") ? "&" : "?")
                + parameter.path("name").asString() + "=" + value;
    }

    /** What is just beyond the bounds that a parameter is said to have. */
    private static List<String> wrong(JsonNode parameter) {
        JsonNode schema = parameter.path("schema");
        List<String> wrong = new ArrayList<>();
        if (schema.has("minimum")) {
            wrong.add(String.valueOf(schema.path("minimum").asLong() - 1));
        }
        if (schema.has("maximum")) {
            wrong.add(String.valueOf(schema.path("maximum").asLong() + 1));
        }
        if (schema.has("enum") || schema.path("type").asString().equals("integer")) {
            wrong.add("none-of-these");
        }
        return wrong;
    }

    private static List<String> right(JsonNode parameter) {
        JsonNode schema = parameter.path("schema");
        List<String> right = new ArrayList<>();
        if (schema.has("minimum")) {
            right.add(schema.path("minimum").asString());
        }
        if (schema.has("maximum")) {
            right.add(schema.path("maximum").asString());
        }
        schema.path("enum").forEach(value -> right.add(value.asString()));
        return right;
    }

    private void expect(SoftAssertions all, Browsing browsing, String route, String address, Set<Integer> statuses) {
        HttpResponse<String> answer = browsing.get(address);
        all.assertThat(answer.statusCode()).as(address).isIn(statuses);
        all.assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .as(address)
                .isEqualTo(answer.statusCode() < 400 ? "application/json" : "application/problem+json");
        all.assertThat(api.problems(route, answer.statusCode(), new JsonMapper().readTree(answer.body())))
                .as(address + ": " + answer.body())
                .isEmpty();
    }
}
