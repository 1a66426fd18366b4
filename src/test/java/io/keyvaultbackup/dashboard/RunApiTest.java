package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The JSON API of one run. */
class RunApiTest extends EmulatedVaultTest {

    @Test
    void tellsObjectsFailuresExecutionsAndRateInTheWordsOfTheVerbs() {
        // given
        bench.with(SkippingTime.class);
        vault.secrets("app", 5);
        vault.key("k");
        vault.faults().on(Operation.BACKUP, "secret", "app000001").always().forbid("ForbiddenByRbac");
        vault.faults().on(Operation.BACKUP, "secret", "app000003").always().forbid("ForbiddenByRbac");
        String run = bench.backUp(vault, "--scheduled-for", "2026-11-24T03:00:00Z")
                .summary()
                .path("snapshot")
                .asString();
        assertThat(bench.run("retry", "--json", "--vault", vault.uri().toString(), "--run", run)
                        .exitCode())
                .isEqualTo(3);
        bench.backUp(vault, "--scheduled-for", "2026-11-25T03:00:00Z");
        String path = "/api/v1/runs/" + run;

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // then every object comes once, as the verb tells it
            List<JsonNode> objects = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = browsing.json(path + "/objects?limit=2&cursor=" + cursor);
                assertThat(page.path("objects_kept").asBoolean()).isTrue();
                page.path("objects").forEach(objects::add);
                cursor = page.path("next").asString("");
            } while (!cursor.isEmpty());
            List<JsonNode> told = bench.run("runs", run, "--json").lines("object");
            assertThat(objects).hasSize(6).hasSameSizeAs(told);
            for (JsonNode object : objects) {
                JsonNode same = told.stream()
                        .filter(one -> one.path("object").equals(object.path("object")))
                        .findFirst()
                        .orElseThrow();
                assertThat(object.propertyNames())
                        .allSatisfy(
                                name -> assertThat(object.path(name)).as(name).isEqualTo(same.path(name)));
            }

            // and as they are filtered
            assertThat(names(browsing, path + "/objects?outcome=failed"))
                    .containsExactly("secret/app000001", "secret/app000003");
            assertThat(names(browsing, path + "/objects?reason=ROLE_MISSING&q=0003"))
                    .containsExactly("secret/app000003");
            assertThat(names(browsing, path + "/objects?reason=throttled")).isEmpty();
            assertThat(names(browsing, path + "/objects?kind=key")).containsExactly("key/k");

            // and what failed, by reason
            JsonNode groups = browsing.json(path + "/failures").path("failures");
            assertThat(groups).singleElement().satisfies(group -> {
                assertThat(group.path("reason").asString()).isEqualTo("ROLE_MISSING");
                assertThat(group.path("count").asInt()).isEqualTo(2);
                assertThat(group.path("advice").asString()).contains("backup-role.json");
                assertThat(group.path("first").get(0).path("subject").asString())
                        .isEqualTo("secret/app000001");
                assertThat(group.path("first").get(0).path("attempts").asInt())
                        .as("of both executions")
                        .isEqualTo(2);
                assertThat(group.path("first").get(0).path("code").asString()).isEqualTo("ForbiddenByRbac");
                assertThat(group.path("first").get(0).path("request_id").asString())
                        .isNotEmpty();
            });

            // and each execution
            JsonNode executions = browsing.json(path + "/executions");
            assertThat(executions.path("selection").path("kinds").toString())
                    .isEqualTo("[\"secret\",\"key\",\"certificate\"]");
            assertThat(executions.path("executions").findValuesAsString("execution"))
                    .containsExactly("1", "2");
            assertThat(executions.path("executions").get(1).path("process").asString())
                    .contains("process " + ProcessHandle.current().pid());
            assertThat(executions.path("executions").get(0).has("process")).isFalse();
            assertThat(browsing.json(path + "/rate").path("points"))
                    .isNotEmpty()
                    .allSatisfy(point -> assertThat(point.has("units_spent")).isTrue());
            assertThat(browsing.json(path).has("progress")).isFalse();

            // and the runs of a status, or a vault
            assertThat(browsing.json("/api/v1/runs?status=incomplete").path("runs"))
                    .hasSize(2);
            assertThat(browsing.json("/api/v1/runs?status=COMPLETE").path("runs"))
                    .isEmpty();
            assertThat(browsing.json("/api/v1/runs?vault=" + FleetPageTest.path(vault) + "&limit=1")
                            .path("runs"))
                    .hasSize(1);
            assertThat(browsing.json("/api/v1/runs?vault=nobody").path("runs")).isEmpty();
            for (String wrong : List.of(
                    path + "/objects?kind=password",
                    path + "/objects?outcome=fine",
                    path + "/objects?reason=none",
                    path + "/objects?cursor=none",
                    path + "/objects?limit=0",
                    "/api/v1/runs?status=fine")) {
                assertThat(browsing.get(wrong).statusCode()).as(wrong).isEqualTo(400);
            }
            assertThat(browsing.json(path + "/objects?kind=password")
                            .path("detail")
                            .asString())
                    .isEqualTo("kind: it is one of secret, key, certificate");
            assertThat(browsing.get("/api/v1/runs/unknown/objects").statusCode())
                    .isEqualTo(404);
        }
    }

    private static List<String> names(Browsing browsing, String path) {
        return browsing.json(path).path("objects").findValuesAsString("object");
    }
}
