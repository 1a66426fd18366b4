package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.dashboard.access.Browser;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.OidcServer;
import io.keyvaultbackup.testservices.Postgres;
import io.keyvaultbackup.vault.VaultAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators ask for with the buttons and by the API: who may, what is written down, and what a worker then does. */
class AskingTest extends EmulatedVaultTest {

    private static final JsonMapper JSON = new JsonMapper();

    @BeforeEach
    void waitForNothing() {
        bench.with(SkippingTime.class);
    }

    private static HttpResponse<String> post(Browsing who, String path, Map<String, String> form) {
        return who.browser().post(who.served().address(path), form);
    }

    /** With what a form of that page proves that it is of here. */
    private static HttpResponse<String> press(Browsing who, String page, String path, Map<String, String> fields) {
        Map<String, String> form = new TreeMap<>(fields);
        form.put("_csrf", Browser.csrf(who.get(page)));
        return post(who, path, form);
    }

    private static HttpResponse<String> call(Browsing who, String path, String body) {
        return who.browser()
                .send(
                        HttpRequest.newBuilder(who.served().address(path))
                                .POST(HttpRequest.BodyPublishers.ofString(body)),
                        "Content-Type",
                        "application/json",
                        "X-CSRF-TOKEN",
                        who.browser().proof(who.served().address("/fleet")));
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .as(answer.body())
                .startsWith("application/problem+json");
        assertThat(JSON.readTree(answer.body()).path("detail").asString()).contains(detail);
    }

    /** As pages have it. */
    private String name() {
        return VaultAddress.parse(vault.uri().toString()).storeName();
    }

    private List<@Nullable String> audited() {
        return bench.jdbc()
                .sql("SELECT action || ' ' || outcome || ' ' || by_way || COALESCE(' ' || vault_uri, '')"
                        + " FROM dashboard_audit ORDER BY audit_id")
                .query(String.class)
                .list();
    }

    private List<@Nullable String> asked() {
        return bench.jdbc()
                .sql("SELECT action || ' ' || state || COALESCE(' ' || snapshot_id, '') || COALESCE(' ' || reason, '')"
                        + " FROM dashboard_request ORDER BY asked_at")
                .query(String.class)
                .list();
    }

    /** A run of which one object failed. */
    private String incompleteRun() {
        vault.secrets("app", 5);
        vault.faults().on(Operation.BACKUP, "secret", "app000001").always().forbid("ForbiddenByRbac");
        Bench.Result backup = bench.backUp(vault, "--scheduled-for", "2026-11-24T03:00:00Z");
        assertThat(backup.exitCode()).isEqualTo(3);
        vault.faults().clear();
        return backup.summary().path("snapshot").asString();
    }

    @Test
    void whatFailedIsRelaunchedByAWorkerAndThePageTellsHowItEnded() {
        // given
        String run = incompleteRun();
        bench.set("keyvault-backup.vaults", vault.uri().toString());
        String vaultPage = "/vaults/" + FleetPageTest.path(vault);
        try (Browsing operator = Browsing.of(bench.serve())) {
            // when
            HttpResponse<String> sent = press(operator, vaultPage, "/runs/" + run + "/relaunch", Map.of());

            // then it is written down, and its page says that it waits
            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(302);
            String page = Browser.next(sent).getPath();
            assertThat(page).matches("/requests/[0-9a-f-]{36}");
            assertThat(asked()).containsExactly("RELAUNCH WAITING " + run);
            assertThat(audited())
                    .containsExactly(
                            "login done password",
                            "relaunch asked password " + vault.uri(),
                            "relaunch accepted password " + vault.uri());
            assertThat(operator.text(page)).contains("Relaunch failed at " + name(), "Waiting.", run, "Look again");
            assertThat(operator.page(page)).contains("hx-get=\"" + page + "?seen=waiting\"");
            assertThat(operator.get(page + "?seen=waiting").statusCode())
                    .as("nothing new")
                    .isEqualTo(204);
            assertThat(operator.text("/requests")).contains("Relaunch failed", run, "Waiting.");
            assertThat(operator.page("/requests")).contains("href=\"/runs/" + run);

            // and when nobody takes it
            bench.jdbc()
                    .sql("UPDATE dashboard_request SET asked_at = asked_at - INTERVAL '20' SECOND")
                    .update();
            assertThat(operator.text(page + "?seen=waiting"))
                    .contains("nobody has taken it yet", "Is a worker running", "'keyvault-backup worker' starts one");

            // and when a worker comes
            vault.requests().reset();
            Bench.Result worker = bench.run("worker", "--once", "--json");

            // then
            assertThat(worker.exitCode()).as(worker.out() + worker.err()).isZero();
            assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(1);
            assertThat(operator.json("/api/v1/runs/" + run).path("status").asString())
                    .isEqualTo("COMPLETE");
            assertThat(operator.text(page + "?seen=waiting"))
                    .contains("Ended with exit code 0: done, or already done.")
                    .doesNotContain("Look again", "Last words");
            assertThat(operator.page(page)).doesNotContain("hx-get");
            JsonNode told = operator.json("/api/v1" + page);
            assertThat(told.path("exit_code").asInt(-1)).isZero();
            assertThat(told.path("meaning").asString()).isEqualTo("done, or already done");
            assertThat(told.path("state").asString()).isEqualTo("DONE");

            // and there is nothing more to relaunch
            assertThat(Browsing.text(press(operator, vaultPage, "/runs/" + run + "/relaunch", Map.of())))
                    .contains("Error 409", "is complete, so that there is nothing to relaunch");
        }
    }

    @Test
    void aSecondPressIsRefusedAndAStopIsConfirmedAndSaysWhy() {
        // given
        String run = incompleteRun();
        String vaultPage = "/vaults/" + FleetPageTest.path(vault);
        try (Browsing operator = Browsing.of(bench.serve())) {
            // when
            assertThat(operator.page(vaultPage))
                    .containsPattern("<form[^>]*action=\"" + vaultPage
                            + "/run-now\"[^>]*><input type=\"hidden\" name=\"_csrf\" value=\"[^\"]+\"");
            assertThat(press(operator, vaultPage, vaultPage + "/run-now", Map.of())
                            .statusCode())
                    .isEqualTo(302);
            HttpResponse<String> second = press(operator, vaultPage, vaultPage + "/run-now", Map.of());

            // then
            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(Browsing.text(second))
                    .contains("Somebody has asked for the same at this vault", "To the requests");
            assertProblem(call(operator, "/api/v1" + vaultPage + "/runs", ""), 409, "Somebody has asked for the same");
            assertThat(audited())
                    .containsSubsequence(
                            "run_now asked password " + vault.uri(),
                            "run_now accepted password " + vault.uri(),
                            "run_now asked password " + vault.uri(),
                            "run_now already asked password " + vault.uri());

            // and a stop is offered where something runs, and asked for by a page of its own
            assertThat(operator.page(vaultPage)).doesNotContain(vaultPage + "/stop");
            String stop = "/runs/" + run + "/stop";
            assertThat(operator.get(stop).statusCode()).isEqualTo(409);
            assertThat(Browsing.text(press(operator, vaultPage, stop, Map.of())))
                    .contains("Error 409", "is not at work, so that there is nothing to stop");
            assertProblem(call(operator, "/api/v1" + stop, ""), 409, "is not at work");
            bench.jdbc().sql("UPDATE ledger_vault SET status = 'RUNNING'").update();
            bench.jdbc().sql("UPDATE ledger_summary SET status = 'RUNNING'").update();
            assertProblem(
                    call(operator, "/api/v1/runs/" + run + "/relaunch", ""),
                    409,
                    "is at work, so that there is nothing");
            assertThat(textOnce(operator, vaultPage, "Stop…")).contains("Run now Stop…");
            assertThat(operator.text("/runs/" + run + "/stop"))
                    .contains("Stop run " + run + " of " + name() + " ?", "Reason", "Let it go on");
            assertThat(asked()).containsExactly("RUN_NOW WAITING");
            assertThat(press(
                                    operator,
                                    "/runs/" + run + "/stop",
                                    "/runs/" + run + "/stop",
                                    Map.of("reason", " the vault is needed "))
                            .statusCode())
                    .isEqualTo(302);
            assertThat(asked()).containsExactly("RUN_NOW WAITING", "STOP WAITING " + run + " the vault is needed");

            // and a reason that is no line is refused, whoever sends it
            HttpResponse<String> steering =
                    press(operator, vaultPage, vaultPage + "/stop", Map.of("reason", "a\u001b[31mb"));
            assertThat(steering.statusCode()).isEqualTo(400);
            assertThat(Browsing.text(steering)).contains("The reason cannot be taken", "leave it out");
            assertProblem(
                    call(operator, "/api/v1" + vaultPage + "/stop", "{\"reason\":\"--store=x\"}"),
                    400,
                    "does not begin with a dash");
            assertProblem(call(operator, "/api/v1" + vaultPage + "/stop", "{\"reason\":"), 400, "read as JSON");
            assertProblem(
                    call(operator, "/api/v1" + vaultPage + "/stop", "{\"raeson\":\"x\"}"), 400, "a text 'reason'");
            assertProblem(call(operator, "/api/v1" + vaultPage + "/stop", "{\"reason\":5}"), 400, "a text 'reason'");
            assertThat(asked()).hasSize(2);
        }
    }

    @Test
    void aRunThatIsNotKnownYetIsNamedAndNoLink() {
        // given
        vault.secrets("app", 1);
        bench.set("keyvault-backup.vaults", vault.uri().toString());
        String vaultPage = "/vaults/" + FleetPageTest.path(vault);
        try (Browsing operator = Browsing.of(bench.serve())) {
            String page = Browser.next(press(operator, vaultPage, vaultPage + "/run-now", Map.of()))
                    .getPath();

            // when somebody has taken it, and its run has not begun
            bench.jdbc()
                    .sql(
                            "UPDATE dashboard_request SET state = 'TAKEN', process_id = 'p', taken_until = CURRENT_TIMESTAMP")
                    .update();

            // then
            assertThat(operator.text(page)).containsPattern("Run \\d{8}T\\d{6}Z-");
            assertThat(operator.page(page)).doesNotContain("href=\"/runs/");
            assertThat(operator.page("/requests")).doesNotContain("href=\"/runs/");

            // and when it has
            assertThat(bench.run("worker", "--once").exitCode()).isZero();
            assertThat(operator.page(page)).contains("href=\"/runs/");
            assertThat(operator.page("/requests")).contains("href=\"/runs/");
        }
    }

    @Test
    void whatNobodyTookInTimeHasLapsedThoughReadingWritesNothing() {
        // given
        bench.set("keyvault-backup.vaults", vault.uri().toString());
        String vaultPage = "/vaults/" + FleetPageTest.path(vault);
        try (Browsing operator = Browsing.of(bench.serve())) {
            String page = Browser.next(press(operator, vaultPage, vaultPage + "/run-now", Map.of()))
                    .getPath();
            bench.jdbc()
                    .sql("UPDATE dashboard_request SET asked_at = asked_at - INTERVAL '61' MINUTE")
                    .update();

            // then
            assertThat(operator.text(page)).contains("Not done: nobody took it.");
            assertThat(operator.text("/requests")).contains("Not done: nobody took it.");
            assertThat(operator.json("/api/v1" + page).path("state").asString()).isEqualTo("LAPSED");
            assertThat(asked()).as("as a database that is only read has it").containsExactly("RUN_NOW WAITING");

            // and it may be asked for again
            assertThat(press(operator, vaultPage, vaultPage + "/run-now", Map.of())
                            .statusCode())
                    .isEqualTo(302);
            assertThat(asked()).containsExactlyInAnyOrder("RUN_NOW LAPSED", "RUN_NOW WAITING");
        }
    }

    @Test
    void theApiSaysAtOnceWhereToLookAndListsInPages() {
        // given
        String run = incompleteRun();
        try (Browsing operator = Browsing.of(bench.serve())) {
            String vaultApi = "/api/v1/vaults/" + FleetPageTest.path(vault);

            // when
            HttpResponse<String> now = call(operator, vaultApi + "/runs", "");
            HttpResponse<String> relaunch = call(operator, "/api/v1/runs/" + run + "/relaunch", "");
            HttpResponse<String> stop = call(operator, vaultApi + "/stop", "{\"reason\":\"enough\"}");

            // then
            assertThat(List.of(now.statusCode(), relaunch.statusCode(), stop.statusCode()))
                    .containsOnly(202);
            JsonNode told = JSON.readTree(stop.body());
            assertThat(stop.headers().firstValue("Location"))
                    .hasValue("/api/v1/requests/" + told.path("request").asString());
            assertThat(operator.json("/api/v1/requests/" + told.path("request").asString()))
                    .isEqualTo(told);
            assertThat(List.of(
                            told.path("action").asString(),
                            told.path("vault").asString(),
                            told.path("reason").asString(),
                            told.path("state").asString()))
                    .containsExactly("STOP", vault.uri().toString(), "enough", "WAITING");

            JsonNode first = operator.json("/api/v1/requests?limit=2");
            JsonNode second = operator.json(
                    "/api/v1/requests?limit=2&cursor=" + first.path("next").asString());
            assertThat(first.path("requests"))
                    .extracting(one -> one.path("action").asString())
                    .containsExactly("STOP", "RELAUNCH");
            assertThat(second.path("requests"))
                    .extracting(one -> one.path("action").asString())
                    .containsExactly("RUN_NOW");
            assertThat(second.has("next")).isFalse();
            assertProblem(operator.get("/api/v1/requests?cursor=x"), 400, "cursor: ");
            assertProblem(operator.get("/api/v1/requests?limit=0"), 400, "limit: ");
            assertProblem(operator.get("/api/v1/requests/none"), 404, "There is no request none.");
            assertProblem(call(operator, "/api/v1/runs/20261124T030000Z-000000/relaunch", ""), 404, "There is no run");
            assertProblem(call(operator, "/api/v1/vaults/unknown.vault.azure.net/runs", ""), 404, "There is no vault");

            // and the audit log comes in pages too, as what is looked for
            JsonNode stops = operator.json("/api/v1/audit?action=stop&limit=1");
            assertThat(stops.path("entries").get(0).path("outcome").asString()).isEqualTo("accepted");
            assertThat(stops.path("entries").get(0).path("subject").asString())
                    .isEqualTo("request " + told.path("request").asString());
            assertThat(operator.json("/api/v1/audit?action=stop&limit=1&cursor="
                                    + stops.path("next").asString())
                            .path("entries")
                            .get(0)
                            .path("outcome")
                            .asString())
                    .isEqualTo("asked");
            assertThat(operator.json("/api/v1/audit?who=nobody-here").path("entries"))
                    .isEmpty();
            assertProblem(operator.get("/api/v1/audit?cursor=x"), 400, "cursor: ");
            assertThat(operator.text("/audit?action=relaunch&vault=" + FleetPageTest.path(vault)))
                    .contains("There is nothing of that in the log.");
            assertThat(operator.text("/audit?action=relaunch&vault=localhost"))
                    .contains("relaunch asked " + name(), "relaunch accepted " + name());
        }
    }

    @Test
    void whoMayNotIsRefusedAndSeesNoButton() {
        // given an operator of one vault who may look at another, and not at a third
        String run = incompleteRun();
        EmulatedVault seen = emulator.vault("seen");
        EmulatedVault hidden = emulator.vault("hidden");
        seen.secrets("app", 1);
        hidden.secrets("app", 1);
        String seenRun = bench.backUp(seen).summary().path("snapshot").asString();
        String hiddenRun = bench.backUp(hidden).summary().path("snapshot").asString();
        OidcServer provider = OidcServer.shared();
        provider.user("lisa", Map.of("roles", List.of("own", "look")));
        provider.user("vera", Map.of("roles", List.of("watch")));
        provider.user("otto", Map.of("roles", List.of("all")));
        bench.set("keyvault-backup.dashboard.access.issuer", provider.issuer())
                .set("keyvault-backup.dashboard.access.client-id", OidcServer.CLIENT)
                .set("keyvault-backup.dashboard.access.client-secret", OidcServer.SECRET);
        grant(0, "own", "operator", FleetPageTest.path(vault));
        grant(1, "look", "viewer", FleetPageTest.path(seen));
        grant(2, "watch", "viewer", "*");
        grant(3, "all", "operator", "*");
        String own = "/vaults/" + FleetPageTest.path(vault);
        String other = "/vaults/" + FleetPageTest.path(seen);
        String none = "/vaults/" + FleetPageTest.path(hidden);
        Served served = bench.serve();
        provider.letBackTo(served.address("/login/oauth2/code/oidc").toString());
        try (Browsing lisa = new Browsing(served, new Browser());
                Browser vera = new Browser();
                Browser otto = new Browser()) {
            URI start = served.address("/");
            lisa.browser().logInAtProvider(start, "lisa");
            vera.logInAtProvider(start, "vera");
            otto.logInAtProvider(start, "otto");
            Browsing viewer = new Browsing(served, vera);
            Browsing all = new Browsing(served, otto);

            // then a viewer has no button, no link to the audit log, and is refused
            assertThat(viewer.page(own)).doesNotContain("run-now", "href=\"/audit\"");
            assertThat(press(viewer, own, own + "/run-now", Map.of()).statusCode())
                    .isEqualTo(403);
            assertProblem(call(viewer, "/api/v1" + own + "/runs", ""), 403, "Your role does not allow this.");
            assertThat(viewer.get("/runs/" + run + "/stop").statusCode()).isEqualTo(403);
            assertThat(viewer.get("/audit").statusCode()).isEqualTo(403);

            // and who may at one vault is refused at another, and finds nothing of the third
            assertThat(lisa.page(own)).contains(own + "/run-now");
            assertThat(lisa.page(other)).doesNotContain("run-now");
            assertThat(press(lisa, own, other + "/run-now", Map.of()).statusCode())
                    .isEqualTo(403);
            assertThat(press(lisa, own, none + "/run-now", Map.of()).statusCode())
                    .isEqualTo(404);
            assertProblem(call(lisa, "/api/v1" + other + "/stop", ""), 403, "Your role does not allow this.");
            assertProblem(call(lisa, "/api/v1" + none + "/stop", ""), 404, "There is no vault");
            assertProblem(call(lisa, "/api/v1/runs/" + seenRun + "/relaunch", ""), 403, "role");
            assertProblem(call(lisa, "/api/v1/runs/" + hiddenRun + "/relaunch", ""), 404, "There is no run");
            assertThat(asked()).isEmpty();

            // and without a proof that it was a page of here, nobody is believed
            assertThat(post(lisa, own + "/run-now", Map.of()).statusCode()).isEqualTo(403);
            assertProblem(
                    lisa.browser()
                            .send(HttpRequest.newBuilder(served.address("/api/v1" + own + "/runs"))
                                    .POST(HttpRequest.BodyPublishers.noBody())),
                    403,
                    "X-CSRF-TOKEN");
            assertThat(asked()).isEmpty();

            // and what others asked for at the vaults of others is not there
            assertThat(press(all, own, own + "/run-now", Map.of()).statusCode()).isEqualTo(302);
            HttpResponse<String> asked = press(all, own, none + "/run-now", Map.of());
            String request = Browser.next(asked).getPath();
            assertThat(press(all, own, other + "/run-now", Map.of()).statusCode())
                    .isEqualTo(302);
            assertThat(lisa.get(request).statusCode()).isEqualTo(404);
            assertThat(lisa.get("/api/v1" + request).statusCode()).isEqualTo(404);
            assertThat(lisa.json("/api/v1/requests").path("requests"))
                    .extracting(one -> one.path("vault").asString())
                    .containsExactly(seen.uri().toString(), vault.uri().toString());
            assertThat(viewer.json("/api/v1/requests").path("requests")).hasSize(3);
            assertThat(lisa.json("/api/v1/audit").path("entries"))
                    .as("only of the vault that is theirs to operate")
                    .isNotEmpty()
                    .allSatisfy(entry -> assertThat(entry.path("vault").asString())
                            .isEqualTo(vault.uri().toString()));
            assertThat(all.json("/api/v1/audit").path("entries"))
                    .extracting(entry -> entry.path("action").asString())
                    .contains("login", "refused", "run_now");
        }
    }

    /** The fleet's rows are kept for two seconds. */
    private static String textOnce(Browsing operator, String path, String wanted) {
        String text = operator.text(path);
        for (int tries = 0; tries < 100 && !text.contains(wanted); tries++) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            text = operator.text(path);
        }
        return text;
    }

    private void grant(int number, String value, String role, String vaults) {
        String prefix = "keyvault-backup.dashboard.access.grants[" + number + "].";
        bench.set(prefix + "value", value).set(prefix + "role", role).set(prefix + "vaults", vaults);
    }

    @Test
    void whileTheJobDatabaseIsAwayNothingIsAskedForAndItSaysSo() {
        // given
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        vault.secrets("app", 1);
        assertThat(bench.backUp(vault).exitCode()).isZero();
        String page = "/vaults/" + FleetPageTest.path(vault);
        Postgres.shared().close(database);

        try (Browsing operator = Browsing.of(bench.serve())) {
            // then
            assertThat(operator.page(page))
                    .containsPattern("disabled[^>]*aria-describedby=\"why-not-run-now\"")
                    .containsPattern("id=\"why-not-run-now\">The job database .* Nothing can be asked for\\.<");
            HttpResponse<String> refused = press(operator, page, page + "/run-now", Map.of());
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(Browsing.text(refused)).contains("Error 503", "The job database");
            assertProblem(call(operator, "/api/v1" + page + "/runs", ""), 503, "The job database");
            assertProblem(operator.get("/api/v1/requests"), 503, "The job database");
            assertProblem(operator.get("/api/v1/audit"), 503, "The job database");
            assertThat(operator.text("/requests")).contains("The job database", "What was asked for is not shown.");
            assertThat(operator.text("/audit")).contains("The job database", "Who did what is not shown.");
        }
    }
}
