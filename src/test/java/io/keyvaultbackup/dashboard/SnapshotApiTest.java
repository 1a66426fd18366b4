package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.dashboard.access.Browser;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.snapshot.Manifests;
import io.keyvaultbackup.testservices.OidcServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON API of snapshots, their objects, comparisons and plans. */
class SnapshotApiTest extends EmulatedVaultTest {

    private String backUp(EmulatedVault one, String night) {
        return bench.backUp(one, "--scheduled-for", night)
                .summary()
                .path("snapshot")
                .asString();
    }

    /** Says what happened. */
    private static String assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.uri() + answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).doesNotContain("Exception", "io.keyvaultbackup");
        JsonNode problem = new JsonMapper().readTree(answer.body());
        assertThat(problem.path("advice").asString("")).as(answer.body()).isNotEmpty();
        return problem.path("detail").asString();
    }

    @Test
    void tellsWhatTheVerbsTellAndWhoMayNotSeeAVaultFindsNothingOfIt() {
        // given
        bench.with(SkippingTime.class);
        vault.secrets("app", 3);
        String first = backUp(vault, "2026-11-23T03:00:00Z");
        vault.enable("secret", "app000001", false);
        String second = backUp(vault, "2026-11-24T03:00:00Z");
        EmulatedVault other = emulator.vault("hidden-of-api");
        other.secrets("app", 1);
        String hidden = backUp(other, "2026-11-24T03:00:00Z");
        OidcServer provider = OidcServer.shared();
        provider.user("lisa", Map.of("roles", List.of("own", "all")));
        provider.user("otto", Map.of("roles", List.of("operate")));
        bench.set("keyvault-backup.dashboard.access.issuer", provider.issuer())
                .set("keyvault-backup.dashboard.access.client-id", OidcServer.CLIENT)
                .set("keyvault-backup.dashboard.access.client-secret", OidcServer.SECRET)
                .set("keyvault-backup.dashboard.access.grants[0].value", "own")
                .set("keyvault-backup.dashboard.access.grants[0].role", "viewer")
                .set("keyvault-backup.dashboard.access.grants[0].vaults", FleetPageTest.path(vault))
                .set("keyvault-backup.dashboard.access.grants[1].value", "operate")
                .set("keyvault-backup.dashboard.access.grants[1].role", "operator")
                .set("keyvault-backup.dashboard.access.grants[1].vaults", FleetPageTest.path(vault))
                .set("keyvault-backup.vaults", vault.uri() + "," + other.uri());
        String api = "/api/v1/vaults/" + FleetPageTest.path(vault);
        String hiddenApi = "/api/v1/vaults/" + FleetPageTest.path(other);

        Served served = bench.serve();
        provider.letBackTo(served.address("/login/oauth2/code/oidc").toString());
        try (Browser operator = new Browser();
                Browsing lisa = new Browsing(served, new Browser())) {
            lisa.browser().logInAtProvider(served.address("/"), "lisa");
            operator.logInAtProvider(served.address("/"), "otto");

            // then
            JsonNode list = lisa.json(api + "/snapshots?limit=1");
            JsonNode newest = list.path("snapshots").get(0);
            assertThat(newest.path("snapshot").asString()).isEqualTo(second);
            assertThat(list.path("next").asString()).isEqualTo(second);
            assertThat(newest).isEqualTo(lisa.json(api + "/snapshots/" + second));
            JsonNode told = bench.run(
                            "snapshots", "--json", "--vault", vault.uri().toString())
                    .lines("snapshot")
                    .getFirst();
            told.forEachEntry((name, value) -> {
                if (!name.equals("message_type") && !value.isNull()) {
                    assertThat(newest.path(name).toString()).as(name).isEqualTo(value.toString());
                }
            });
            assertThat(lisa.json(api + "/snapshots?cursor=" + second)
                            .path("snapshots")
                            .get(0)
                            .path("snapshot")
                            .asString())
                    .isEqualTo(first);
            List<String> names = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = lisa.json(api + "/snapshots/" + second + "/objects?limit=2&q=app*&cursor=" + cursor);
                page.path("objects").forEach(one -> names.add(one.path("object").asString()));
                cursor = page.path("next").asString("");
            } while (!cursor.isEmpty());
            assertThat(names).containsExactly("secret/app000000", "secret/app000001", "secret/app000002");
            JsonNode diff = lisa.json(api + "/diff?from=" + first + "&to=latest");
            assertThat(diff.path("counts").toString()).isEqualTo("{\"CHANGED\":1}");
            assertThat(diff.path("differences")
                            .get(0)
                            .path("fields")
                            .path("enabled")
                            .toString())
                    .isEqualTo("{\"before\":\"true\",\"after\":\"false\"}");
            JsonNode history = lisa.json(api + "/objects/secret/app000001/history");
            assertThat(history.path("runs")).hasSize(2);
            assertThat(history.path("runs").get(0).path("presence").asString()).isEqualTo("PRESENT");
            assertThat(history.path("runs").get(0).path("changes").has("enabled"))
                    .isTrue();
            JsonNode found = lisa.json("/api/v1/objects?q=app");
            assertThat(found.path("objects")).hasSize(3);
            assertThat(found.path("vaults").asInt()).isEqualTo(1);
            // and nothing of what is hidden, and no plan for a viewer, nor into a vault of others
            for (String path :
                    List.of("/snapshots", "/snapshots/" + hidden, "/snapshots/" + hidden + "/objects", "/diff")) {
                assertProblem(lisa.get(hiddenApi + path), 404);
            }
            assertThat(lisa.get("/vaults/" + FleetPageTest.path(other) + "/snapshots")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(lisa.text("/vaults/" + FleetPageTest.path(vault) + "/snapshots/" + second))
                    .doesNotContain("Plan a restore");
            String plan = api + "/snapshots/" + second + "/plan?target=";
            assertThat(post(lisa.browser(), served, plan + FleetPageTest.path(vault))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(post(operator, served, plan + FleetPageTest.path(other)).statusCode())
                    .isEqualTo(404);
            assertProblem(post(operator, served, plan + ".."), 400);
            HttpResponse<String> asked = post(operator, served, plan + FleetPageTest.path(vault) + "&kind=secret");
            assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
            String place = asked.headers().firstValue("Location").orElseThrow();
            assertThat(lisa.json(place).path("state").asString()).isEqualTo("WAITING");
            JsonNode request = new JsonMapper().readTree(asked.body());
            assertThat(request)
                    .isEqualTo(lisa.json(
                            "/api/v1/requests/" + request.path("request").asString()));
            assertThat(place).endsWith(request.path("request").asString());
            assertProblem(post(operator, served, plan + FleetPageTest.path(vault)), 409);
            assertThat(bench.run("worker", "--once").exitCode()).isZero();
            JsonNode made = lisa.json(place);
            assertThat(made.path("outcomes").toString()).as(made.toString()).contains("ALREADY_THERE");
            assertThat(made.path("planned")).isNotEmpty();
            // and what is wrong
            assertProblem(lisa.get(api + "/snapshots/20261124T030000Z-000000"), 404);
            assertProblem(lisa.get(api + "/snapshots/..x"), 404);
            assertProblem(lisa.get(api + "/snapshots/" + second + "/objects?q=%22"), 400);
            assertProblem(lisa.get(api + "/snapshots?cursor=x"), 400);
            assertThat(assertProblem(lisa.get(api + "/diff?from=x&to=latest"), 400))
                    .startsWith("from: ");
            assertThat(assertProblem(lisa.get(api + "/diff?from=latest&to=x"), 400))
                    .startsWith("to: ");
            for (String page : List.of(
                    "/api/v1/fleet?q=app",
                    "/api/v1/runs?limit=1",
                    "/api/v1/requests?limit=1",
                    "/api/v1/objects?q=app",
                    place + "?limit=1",
                    api + "/runs?limit=1",
                    api + "/snapshots?limit=1",
                    api + "/snapshots/" + second + "/objects?q=app",
                    api + "/objects/secret/app000001/history?limit=1",
                    api + "/diff?from=" + first + "&to=latest",
                    "/api/v1/runs/" + second + "/objects?limit=1")) {
                assertThat(assertProblem(lisa.get(page + "&cursor=%22no%20page%22"), 400))
                        .startsWith("cursor: a cursor is what 'next' of the page before says");
            }
            assertProblem(lisa.get(api + "/objects/secret/a..b/history"), 404);
            assertProblem(lisa.get("/api/v1/objects?cursor=a/b"), 400);
            assertProblem(lisa.get("/api/v1/plans/x"), 404);
        }
    }

    private static HttpResponse<String> post(Browser browser, Served served, String path) {
        return browser.send(
                HttpRequest.newBuilder(served.address(path)).POST(HttpRequest.BodyPublishers.noBody()),
                "X-CSRF-TOKEN",
                browser.proof(served.address("/fleet")));
    }

    @Test
    void onePairIsComparedAtATimeAndWhatItComesToIsKept() throws IOException {
        // given two snapshots whose manifests are too large to be kept
        List<LedgerObject> objects = Manifests.objects(new Random(1), 40_000);
        LedgerObject added = objects.stream()
                .filter(object -> object.result().outcome() != Outcome.DELETED_DURING_RUN)
                .findFirst()
                .orElseThrow();
        List<LedgerObject> before =
                objects.stream().filter(object -> !object.equals(added)).toList();
        List<Path> manifests = new ArrayList<>();
        for (List<LedgerObject> some : List.of(before, objects)) {
            Path manifest = bench.store().resolve(Manifests.name(objects));
            manifest = manifest.resolveSibling(
                    manifest.getFileName().toString().replaceFirst("-[0-9a-f]{6}", "-00000" + manifests.size()));
            Files.createDirectories(manifest.getParent());
            Files.write(manifest, Manifests.bytes(some));
            assertThat(Files.size(manifest)).isGreaterThan(16L * 1024 * 1024);
            manifests.add(manifest);
        }
        List<String> ids = manifests.stream()
                .map(manifest -> manifest.getFileName().toString().replaceFirst("\\..*", ""))
                .toList();
        String diff = "/api/v1/vaults/team-a.vault.azure.net/diff?from=" + ids.get(0) + "&to=" + ids.get(1);

        bench.set("keyvault-backup.vaults", "https://team-a.vault.azure.net");
        try (Browsing browsing = Browsing.of(bench.serve())) {
            // when three ask at once
            List<CompletableFuture<HttpResponse<String>>> asked = Stream.generate(
                            () -> CompletableFuture.supplyAsync(() -> browsing.get(diff)))
                    .limit(3)
                    .toList();
            List<HttpResponse<String>> answers =
                    asked.stream().map(CompletableFuture::join).toList();

            // then one is answered, and who comes in between need not wait
            assertThat(answers)
                    .extracting(HttpResponse::statusCode)
                    .contains(200)
                    .containsOnly(200, 503);
            assertThat(answers.stream().filter(answer -> answer.statusCode() == 503))
                    .isNotEmpty()
                    .allSatisfy(busy -> assertThat(busy.body()).contains("Another comparison is being made."));

            // and when nothing can be read any more
            for (Path manifest : manifests) {
                Files.write(manifest, new byte[Math.toIntExact(Files.size(manifest))]);
            }

            // then
            JsonNode kept = browsing.json(diff);
            assertThat(kept.path("counts").toString()).as(kept.toString()).isEqualTo("{\"ADDED\":1}");
            assertThat(kept.path("differences").get(0).path("object").asString())
                    .isEqualTo(added.object().id().toString());
        }
    }

    @Test
    void aLargeManifestIsReadOnceForAllItsPages() throws IOException {
        // given
        List<LedgerObject> objects = Manifests.objects(new Random(1), 20_000);
        Path manifest = bench.store().resolve(Manifests.name(objects));
        Files.createDirectories(manifest.getParent());
        byte[] bytes = Manifests.bytes(objects);
        Files.write(manifest, bytes);
        String snapshot = manifest.getFileName().toString().replaceFirst("\\..*", "");
        String pages = "/api/v1/vaults/team-a.vault.azure.net/snapshots/" + snapshot + "/objects?limit=1000";

        bench.set("keyvault-backup.vaults", "https://team-a.vault.azure.net");
        try (Browsing browsing = Browsing.of(bench.serve())) {
            // when
            JsonNode page = browsing.json(pages);
            Files.write(manifest, new byte[bytes.length]); // who reads it again, finds nothing in it
            List<String> names = new ArrayList<>();
            int asked = 1;
            while (true) {
                page.path("objects").forEach(one -> names.add(one.path("object").asString()));
                if (!page.has("next")) {
                    break;
                }
                page = browsing.json(pages + "&cursor=" + page.path("next").asString());
                asked++;
            }

            // then
            assertThat(asked).isEqualTo(20);
            assertThat(names)
                    .isEqualTo(objects.stream()
                            .map(object -> object.object().id().toString())
                            .toList());
            assertThat(new JsonMapper()
                            .readTree(browsing.get(pages + "&q=object-019999").body())
                            .path("objects"))
                    .hasSize(1);
        }
    }
}
