package io.keyvaultbackup.dashboard.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.dashboard.Browsing;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the served API answers is what its description says. */
class OpenApiAnswersTest extends EmulatedVaultTest {

    private static final String WHY = "{\"reason\": \"the vault is needed\"}";

    private static final Pattern EVENT = Pattern.compile("event:\\s*(\\w+)\\s*data:\\s*(\\{.*})");

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
        Map<String, List<String>> examples = new TreeMap<>();
        examples.put("/api/v1/fleet", List.of("/api/v1/fleet", "/api/v1/fleet?q=nobody"));
        examples.put("/api/v1/vaults/{vault}", List.of(vaults, other));
        examples.put("/api/v1/vaults/{vault}/runs", List.of(vaults + "/runs", other + "/runs"));
        examples.put("/api/v1/runs", List.of("/api/v1/runs", "/api/v1/runs?limit=1"));
        examples.put("/api/v1/runs/{run}", runs);
        for (String part : List.of("objects", "failures", "executions", "rate", "feed")) {
            examples.put(
                    "/api/v1/runs/{run}/" + part,
                    runs.stream().map(run -> run + "/" + part).toList());
        }
        String snapshots = "/api/v1/vaults/{vault}/snapshots";
        List<String> there = browsing.json(vaults + "/snapshots")
                .path("snapshots")
                .valueStream()
                .map(snapshot ->
                        vaults + "/snapshots/" + snapshot.path("snapshot").asString())
                .toList();
        examples.put(snapshots, List.of(vaults + "/snapshots", other + "/snapshots?limit=1"));
        examples.put(snapshots + "/{snapshot}", there);
        examples.put(
                snapshots + "/{snapshot}/objects",
                there.stream().map(snapshot -> snapshot + "/objects").toList());
        examples.put(
                "/api/v1/vaults/{vault}/objects/{kind}/{name}/history",
                List.of(vaults + "/objects/secret/app000001/history", other + "/objects/key/none/history"));
        String first = there.getLast().substring(there.getLast().lastIndexOf('/') + 1);
        examples.put(
                "/api/v1/vaults/{vault}/diff",
                List.of(vaults + "/diff?from=" + first + "&to=latest", vaults + "/diff?from=latest&to=latest"));
        examples.put("/api/v1/objects", List.of("/api/v1/objects", "/api/v1/objects?limit=1"));
        List<String> asked = browsing.json("/api/v1/requests")
                .path("requests")
                .valueStream()
                .map(request -> request.path("request").asString())
                .toList();
        examples.put("/api/v1/requests", List.of("/api/v1/requests", "/api/v1/requests?limit=1"));
        examples.put(
                "/api/v1/requests/{id}",
                asked.stream().map(id -> "/api/v1/requests/" + id).toList());
        examples.put(
                "/api/v1/plans/{request}",
                asked.stream()
                        .map(id -> "/api/v1/plans/" + id)
                        .filter(plan -> browsing.get(plan).statusCode() == 200)
                        .toList());
        examples.put("/api/v1/audit", List.of("/api/v1/audit", "/api/v1/audit?limit=1"));
        return examples;
    }

    @Test
    void everyAnswerIsAsItIsDescribed() {
        // given
        bench.with(SkippingTime.class);
        vault.secrets("app", 3);
        vault.certificate("c");
        vault.key("k");
        EmulatedVault other = emulator.vault("another");
        other.secrets("db", 2);
        other.faults().on(Operation.BACKUP, "secret", "db000001").always().forbid("ForbiddenByRbac");
        String night = backUp("2026-11-23T03:00:00Z");
        vault.enable("secret", "app000001", false);
        backUp("2026-11-24T03:00:00Z");
        assertThat(bench.run("verify", "--vault", vault.uri().toString()).exitCode())
                .isZero();
        assertThat(bench.backUp(other).exitCode()).isEqualTo(3);
        bench.set("keyvault-backup.dashboard.schedule", "0 3 * * *");
        bench.set("keyvault-backup.vaults", vault.uri() + "," + other.uri());
        SoftAssertions all = new SoftAssertions();

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // and what is asked for, of which a worker does some
            String vaults = "/api/v1/vaults/";
            String plan = vaults + path(vault) + "/snapshots/" + night + "/plan?target=" + path(other);
            String failed = latestRun(browsing, other);
            ask(all, browsing, vaults + "{vault}/snapshots/{snapshot}/plan", plan, "", 202);
            ask(all, browsing, vaults + "{vault}/snapshots/{snapshot}/plan", plan, "", 409);
            ask(all, browsing, vaults + "{vault}/snapshots/{snapshot}/plan", plan + "&kind=none", "", 400);
            assertThat(bench.run("worker", "--once").exitCode()).isZero();
            ask(all, browsing, "/api/v1/runs/{run}/relaunch", "/api/v1/runs/" + failed + "/relaunch", "", 202);
            ask(all, browsing, "/api/v1/runs/{run}/stop", "/api/v1/runs/" + failed + "/stop", WHY, 409);
            ask(all, browsing, vaults + "{vault}/runs", vaults + path(vault) + "/runs", "", 202);
            ask(all, browsing, vaults + "{vault}/stop", vaults + path(vault) + "/stop", WHY, 202);
            ask(all, browsing, vaults + "{vault}/stop", vaults + path(vault) + "/stop", "[]", 400);
            ask(all, browsing, vaults + "{vault}/stop", vaults + "unknown.vault.azure.net/stop", WHY, 404);
            all.assertAll();
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
                .hasSize(4);
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

    private String backUp(String night) {
        Bench.Result backup = bench.backUp(vault, "--scheduled-for", night);
        assertThat(backup.exitCode()).isZero();
        return backup.summary().path("snapshot").asString();
    }

    private static String latestRun(Browsing browsing, EmulatedVault at) {
        return browsing.json("/api/v1/vaults/" + path(at) + "/runs")
                .path("runs")
                .get(0)
                .path("run")
                .asString();
    }

    private void ask(SoftAssertions all, Browsing browsing, String route, String address, String body, int status) {
        HttpResponse<String> answer = browsing.browser()
                .send(
                        HttpRequest.newBuilder(browsing.served().address(address))
                                .POST(HttpRequest.BodyPublishers.ofString(body)),
                        "Content-Type",
                        "application/json",
                        "X-CSRF-TOKEN",
                        browsing.browser().proof(browsing.served().address("/fleet")));
        all.assertThat(answer.statusCode()).as(address + ": " + answer.body()).isEqualTo(status);
        all.assertThat(api.problems("post", route, answer.statusCode(), new JsonMapper().readTree(answer.body())))
                .as(address + ": " + answer.body())
                .isEmpty();
    }

    /** Each event's data is what the address that it is from answers. */
    private void expectEvents(SoftAssertions all, String address, HttpResponse<String> answer) {
        Map<String, String> schemas = Map.of("progress", "Run", "ended", "Run", "rates", "RunRate");
        Set<String> told = new TreeSet<>();
        for (String event : answer.body().split("\n\n", -1)) {
            Matcher lines = EVENT.matcher(event);
            if (lines.find()) {
                told.add(lines.group(1));
                all.assertThat(api.problems(
                                schemas.getOrDefault(lines.group(1), "none"),
                                new JsonMapper().readTree(lines.group(2))))
                        .as(address + ": " + event)
                        .isEmpty();
            }
        }
        all.assertThat(told).as(address + ": " + answer.body()).contains("ended");
    }

    private void expect(SoftAssertions all, Browsing browsing, String route, String address, Set<Integer> statuses) {
        HttpResponse<String> answer = browsing.get(address);
        all.assertThat(answer.statusCode()).as(address).isIn(statuses);
        all.assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .as(address)
                .isEqualTo(answer.statusCode() < 400 ? api.type(route) : "application/problem+json");
        if (answer.statusCode() < 400 && api.type(route).equals("text/event-stream")) {
            expectEvents(all, address, answer);
            return;
        }
        all.assertThat(api.problems(route, answer.statusCode(), new JsonMapper().readTree(answer.body())))
                .as(address + ": " + answer.body())
                .isEmpty();
    }
}
