package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON API of fleet, vaults and runs. */
class ApiTest extends EmulatedVaultTest {

    @BeforeEach
    void waitForNothing() {
        bench.with(SkippingTime.class);
    }

    private static ObjectNode protection(JsonNode vault) {
        ObjectNode alone = new JsonMapper().createObjectNode();
        if (vault.has("protection")) {
            alone.set("protection", vault.path("protection"));
        }
        return alone;
    }

    private static JsonNode problem(Browsing browsing, String path, int status) {
        return problem(path, browsing.get(path), status);
    }

    private static JsonNode problem(String path, HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).as(path).hasValue("application/problem+json");
        JsonNode problem = new JsonMapper().readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asString()).isNotEmpty();
        assertThat(problem.path("advice").asString("")).as(answer.body()).isNotEmpty();
        assertThat(answer.body()).doesNotContain("Exception", "io.keyvaultbackup");
        return problem;
    }

    @Test
    void tellsFleetVaultAndRunsInTheWordsOfTheVerbs() {
        // given
        vault.secrets("app", 3);
        vault.faults().on(Operation.BACKUP, "secret", "app000001").always().forbid("ForbiddenByRbac");
        assertThat(bench.backUp(vault, "--scheduled-for", "2026-11-24T03:00:00Z")
                        .exitCode())
                .isEqualTo(3);
        String path = FleetPageTest.path(vault);

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // then
            JsonNode fleet = browsing.json("/api/v1/fleet");
            assertThat(fleet.path("database").path("status").asString()).isEqualTo("known");
            assertThat(fleet.path("counts").toString()).isEqualTo("{\"no_copy\":1}");
            assertThat(fleet.path("objective_seconds").asLong()).isEqualTo(26 * 3600);
            JsonNode one = browsing.json("/api/v1/vaults/" + path);
            assertThat(one)
                    .as("but for how it is protected, which is looked at meanwhile")
                    .isEqualTo(((ObjectNode) fleet.path("vaults").get(0)).setAll(protection(one)));
            assertThat(one.path("vault").asString()).isEqualTo(vault.uri().toString());
            assertThat(one.path("standing").asString()).isEqualTo("no_copy");
            assertThat(one.path("runs").toString()).isEqualTo("[\"INCOMPLETE\"]");
            assertThat(one.path("outcomes").toString()).isEqualTo("{\"BACKED_UP\":2,\"FAILED\":1}");
            assertThat(one.path("kinds").path("secret").path("FAILED").asInt()).isEqualTo(1);
            assertThat(one.path("reasons").toString()).isEqualTo("{\"ROLE_MISSING\":1}");
            assertThat(one.has("newest_good")).isFalse();

            JsonNode run = browsing.json("/api/v1/vaults/" + path + "/runs")
                    .path("runs")
                    .get(0);
            assertThat(run).isEqualTo(browsing.json("/api/v1/runs").path("runs").get(0));
            assertThat(run)
                    .isEqualTo(browsing.json("/api/v1/runs/" + run.path("run").asString()));
            JsonNode told = bench.run("runs", "--json").lines("run").getFirst();
            for (String name : List.of("run", "vault", "scheduled_for", "status", "executions")) {
                assertThat(run.path(name)).as(name).isEqualTo(told.path(name));
            }
            assertThat(run.path("outcomes").toString())
                    .isEqualTo(told.path("outcomes").toString());
            assertThat(run.path("reasons").toString()).isEqualTo("{\"ROLE_MISSING\":1}");
        }
    }

    @Test
    void goesThroughAllRunsPageByPage() {
        // given
        vault.secrets("app", 1);
        for (int day = 21; day <= 25; day++) {
            assertThat(bench.backUp(vault, "--scheduled-for", "2026-11-" + day + "T03:00:00Z")
                            .exitCode())
                    .isZero();
        }

        try (Browsing browsing = Browsing.of(bench.serve())) {
            for (String list : List.of("/api/v1/runs", "/api/v1/vaults/" + FleetPageTest.path(vault) + "/runs")) {
                // when
                List<String> days = new ArrayList<>();
                String cursor = "";
                int pages = 0;
                do {
                    JsonNode page = browsing.json(list + "?limit=2&cursor=" + cursor);
                    page.path("runs")
                            .forEach(run -> days.add(
                                    run.path("scheduled_for").asString().substring(8, 10)));
                    cursor = page.path("next").asString("");
                    pages++;
                } while (!cursor.isEmpty());

                // then
                assertThat(days).containsExactly("25", "24", "23", "22", "21");
                assertThat(pages).isEqualTo(3);
            }
            assertThat(browsing.text("/vaults/" + FleetPageTest.path(vault)))
                    .containsSubsequence("20261125T", "20261121T");
        }
    }

    @Test
    void whatIsWrongIsAProblemThatSaysWhatToDo() {
        try (Browsing browsing = Browsing.of(bench.serve())) {
            assertThat(problem(browsing, "/api/v1/runs?limit=0", 400)
                            .path("detail")
                            .asString())
                    .isEqualTo("limit: 0 is not between 1 and 1000");
            assertThat(problem(browsing, "/api/v1/runs?limit=many", 400)
                            .path("detail")
                            .asString())
                    .isEqualTo("limit: it can not be read as a number");
            assertThat(problem(browsing, "/api/v1/runs?cursor=xyz", 400)
                            .path("detail")
                            .asString())
                    .startsWith("cursor: ");
            assertThat(problem(browsing, "/api/v1/fleet?standing=fine", 400)
                            .path("detail")
                            .asString())
                    .contains("damaged, no_copy, too_old");
            assertThat(problem(browsing, "/api/v1/runs/20261124T030000Z-000000", 404)
                            .path("advice")
                            .asString())
                    .contains("mistyped");
            assertThat(problem(browsing, "/api/v1/vaults/unknown.vault.azure.net", 404)
                            .path("detail")
                            .asString())
                    .isEqualTo("There is no vault unknown.vault.azure.net.");
            problem(browsing, "/api/v1/nowhere", 404);
            problem(browsing, "/api", 404);
        }
    }

    private static HttpResponse<String> send(Browsing browsing, String method, String path, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        if (!method.equals("HEAD")) {
            all.addAll(List.of(
                    "X-CSRF-TOKEN", browsing.browser().proof(browsing.served().address("/fleet"))));
        }
        return browsing.browser()
                .send(
                        HttpRequest.newBuilder(browsing.served().address(path))
                                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("HEAD") ? "" : "{}")),
                        all.toArray(String[]::new));
    }

    @Test
    void anotherMethodFormatOrContentIsAProblemTooAndHeadIsAnsweredAsGet() {
        // given
        vault.secrets("app", 1);
        String run = bench.backUp(vault).summary().path("snapshot").asString();
        String stop = "/api/v1/vaults/" + FleetPageTest.path(vault) + "/stop";

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // then
            HttpResponse<String> post = send(browsing, "POST", "/api/v1/fleet", "Content-Type", "application/json");
            problem("POST fleet", post, 405);
            assertThat(post.headers().firstValue("Allow").orElse("")).contains("GET");
            problem("DELETE fleet", send(browsing, "DELETE", "/api/v1/fleet"), 403);
            assertThat(problem("GET stop", browsing.get(stop), 405)
                            .path("advice")
                            .asString())
                    .contains("Allow");
            problem("text", send(browsing, "POST", stop, "Content-Type", "text/plain"), 415);
            problem(
                    "no such form",
                    browsing.browser()
                            .send(
                                    HttpRequest.newBuilder(browsing.served().address("/api/v1/fleet")),
                                    "Accept",
                                    "image/png"),
                    406);
            for (String path :
                    List.of("/api/v1/fleet", "/api/v1/runs/" + run, "/api/v1/audit", "/api/v1/runs/" + run + "/feed")) {
                HttpResponse<String> head = send(browsing, "HEAD", path);
                assertThat(head.statusCode()).as(path).isEqualTo(200);
                assertThat(head.headers().firstValue("Content-Type"))
                        .as(path)
                        .hasValue(path.endsWith("/feed") ? "text/event-stream" : "application/json");
                assertThat(head.body()).as(path).isEmpty();
            }
            assertThat(send(browsing, "HEAD", "/api/v1/runs/20261124T030000Z-000000")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void withoutTheJobDatabaseRunsAreNotToBeHadAndTheFleetSaysSo() {
        // given
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        vault.secrets("app", 1);
        assertThat(bench.backUp(vault).exitCode()).isZero();
        Postgres.shared().close(database);

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // then
            JsonNode unanswered = problem(browsing, "/api/v1/runs", 503);
            assertThat(unanswered.path("detail").asString()).contains("The job database");
            assertThat(unanswered.path("advice").asString()).isNotEmpty();
            problem(browsing, "/api/v1/vaults/unknown.vault.azure.net", 503);
            JsonNode fleet = browsing.json("/api/v1/fleet");
            assertThat(fleet.path("database").path("status").asString()).isEqualTo("missing");
            assertThat(fleet.path("database").path("reason").asString()).contains("The job database");
            assertThat(fleet.path("vaults").get(0).path("standing").asString()).isEqualTo("good");
        }
    }
}
