package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.dashboard.access.Browser;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.testservices.Postgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The pages of snapshots, their objects, comparisons and plans, as a browser without a script gets them. */
class SnapshotPagesTest extends EmulatedVaultTest {

    private String first = "";
    private String second = "";
    private String path = "";

    @BeforeEach
    void waitForNothing(TestInfo test) {
        bench.with(SkippingTime.class);
        vault = emulator.vault(
                VaultSettings.of(test.getTestMethod().orElseThrow().getName()).withClock(SkippingTime.CLOCK));
        path = FleetPageTest.path(vault);
    }

    /** Two snapshots between which a secret is gone, one is new and one is tagged and disabled. */
    private void backUpTwice() {
        vault.secret("db-password").versions(3).contentType("text/plain");
        vault.secret("db-old");
        vault.key("signing");
        vault.certificate("site");
        first = backUp("2026-11-23T03:00:00Z");
        SkippingTime.skip(Duration.ofMinutes(1)); // within one second of the service's Date all would be copied anew
        vault.tag("secret", "db-password", Map.of("team", "a"));
        vault.enable("secret", "db-password", false);
        vault.delete("secret", "db-old");
        vault.secret("db-new");
        second = backUp("2026-11-24T03:00:00Z");
    }

    private String backUp(String night) {
        return bench.backUp(vault, "--scheduled-for", night)
                .summary()
                .path("snapshot")
                .asString();
    }

    private void done(String... verb) {
        var result = bench.run(verb);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    @Test
    void snapshotsTheirObjectsComparisonAndHistoryAreShown() {
        // given
        backUpTwice();
        EmulatedVault scratch = emulator.vault("scratch-of-pages");
        EmulatedVault other = emulator.vault("other-of-pages");
        other.secret("db-elsewhere");
        assertThat(bench.backUp(other).exitCode()).isZero();
        String of = vault.uri().toString();
        done("pin", first, "--vault", of);
        done("tag", first, "--add", "audit", "--vault", of);
        done("verify", second, "--vault", of, "--read-data");
        done("drill", "--from", of, "--snapshot", second, "--to", scratch.uri().toString(), "--yes");

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // then the list, the newest first
            String snapshots = "/vaults/" + path + "/snapshots";
            assertThat(browsing.text("/vaults/" + path)).contains("Snapshots");
            assertThat(browsing.text(snapshots))
                    .containsSubsequence(
                            second, "complete", "old", "secrets", "keys", "no damage found", "read", "complete")
                    .containsSubsequence(first, "complete", "pinned", "audit", "not known", "none known");
            // and the content, with a search
            String content = browsing.text(snapshots + "/" + second);
            assertThat(content)
                    .contains("every copy is as its object was at one moment", "no damage found")
                    .contains("keyvault-backup restore --from " + of + " --snapshot " + second + " --to TARGET-VAULT")
                    .containsSubsequence("secret/db-new", "backed up", "enabled", "1")
                    .containsSubsequence("secret/db-password", "disabled", "text/plain", "3")
                    .doesNotContain("secret/db-old");
            assertThat(browsing.text(snapshots + "/" + second + "?q=DB-"))
                    .contains("secret/db-new", "secret/db-password")
                    .doesNotContain("certificate/site", "key/signing");
            assertThat(browsing.text(snapshots + "/" + second + "?state=disabled"))
                    .contains("secret/db-password")
                    .doesNotContain("secret/db-new");
            assertThat(browsing.text(snapshots + "/" + second + "?outcome=unchanged&kind=key"))
                    .contains("key/signing", "in " + first)
                    .doesNotContain("db-new", "key/site");
            assertThat(browsing.text(snapshots + "/" + second + "?q=nothing"))
                    .contains("No object matches.", "Show all");
            // and the comparison
            String diff = "/vaults/" + path + "/diff";
            assertThat(browsing.text(diff + "?to=" + second))
                    .contains("The earlier")
                    .doesNotContain("Nothing differs");
            assertThat(browsing.text(diff + "?from=" + first + "&to=latest"))
                    .contains("From " + first + " to " + second, "3 all", "1 added", "1 removed", "1 changed")
                    .containsSubsequence(
                            "db-password", "changed", "enabled", "true", "to", "false", "tags.team", "none", "a")
                    .containsSubsequence("db-old", "removed");
            assertThat(browsing.page(diff + "?from=" + first + "&to=latest"))
                    .as("a time is the viewer's, a text is a text")
                    .containsPattern("<b>updated</b>: <time data-moment datetime=\"[^\"]+Z\"")
                    .contains("<b>enabled</b>: <span>true</span>");
            assertThat(browsing.text(diff + "?change=added&from=" + first + "&to=" + second))
                    .contains("secret/db-new")
                    .doesNotContain("secret/db-old", "secret/db-password");
            assertThat(browsing.text(diff + "?from=" + first + "&to=" + first)).contains("Nothing differs.");
            // and histories
            assertThat(browsing.text("/vaults/" + path + "/objects/secret/db-password"))
                    .containsSubsequence(second, "disabled", "enabled :", "true", "false", first, "enabled");
            assertThat(browsing.text("/vaults/" + path + "/objects/secret/db-old"))
                    .containsSubsequence(second, "not in the vault, or not listed", first, "backed up");
            // and a search over all vaults
            assertThat(browsing.text("/objects")).contains("Say what to look for");
            assertThat(browsing.text("/objects?q=db-"))
                    .contains("Looked into the newest run of 2 vaults of 2.")
                    .contains("secret/db-elsewhere", "secret/db-new", "secret/db-password")
                    .doesNotContain("secret/db-old", "key/signing");
            assertThat(browsing.text("/objects?q=secret/db-e*e"))
                    .contains("secret/db-elsewhere")
                    .doesNotContain("secret/db-new");
            // and whatever is wrong is said
            for (String unknown : List.of(
                    snapshots + "/20261124T030000Z-000000",
                    snapshots + "/..%2Fx",
                    snapshots + "/latest",
                    snapshots + "?behind=../x",
                    snapshots + "/" + second + "?behind=secret/..",
                    "/vaults/unknown.vault.azure.net/snapshots",
                    "/vaults/" + path + "/objects/secret/a.b",
                    "/vaults/" + path + "/objects/passwords/db",
                    diff + "?from=2020&to=latest",
                    "/plans/unknown")) {
                assertThat(browsing.get(unknown).statusCode()).as(unknown).isIn(400, 404);
            }
            for (String wrong : List.of(
                    snapshots + "/" + second + "?q=%3Cscript%3E",
                    snapshots + "/" + second + "?kind=password",
                    "/objects?q=" + "a".repeat(200),
                    diff + "?from=..%2F&to=latest")) {
                HttpResponse<String> answer = browsing.get(wrong);
                assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
                assertThat(answer.body()).as(wrong).contains("role=\"alert\"").doesNotContain("<script>");
            }
        }
    }

    @Test
    void withoutTheStoreTheJobDatabaseTellsAndTheOtherWayRound() {
        // given
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        backUpTwice();
        String snapshots = "/vaults/" + path + "/snapshots";
        bench.without("keyvault-backup.store.directory");

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // then
            assertThat(browsing.text(snapshots))
                    .contains("No store is configured.", "What is shown is what the job database knows")
                    .containsSubsequence(second, "complete", first, "complete");
            assertThat(browsing.text(snapshots + "/" + second + "?q=db-"))
                    .contains("secret/db-new", "secret/db-password")
                    .doesNotContain("key/signing");
            assertThat(browsing.text("/vaults/" + path + "/objects/secret/db-old"))
                    .contains("Only runs whose objects the job database has are shown.")
                    .containsSubsequence(second, "not in the vault", first, "backed up");
            assertThat(browsing.text("/vaults/" + path + "/diff?from=" + first + "&to=" + second))
                    .contains("Snapshots can not be compared without it.");
            assertThat(browsing.text("/objects?q=db-new")).contains("1 vault of 1.", "secret/db-new");
            assertThat(browsing.page("/objects?q=db-new"))
                    .as("nobody has looked whether the store has the snapshot")
                    .contains("href=\"/runs/" + second + "\"")
                    .doesNotContain("/snapshots/" + second);
            // and what only the store could tell is not told to be nothing
            for (String unknown : List.of("", "/plan")) {
                HttpResponse<String> answer = browsing.get(snapshots + "/20261124T030000Z-000000" + unknown);
                assertThat(answer.statusCode()).as(unknown).isEqualTo(503);
                assertThat(Browsing.text(answer)).contains("No store is configured.", "Give keyvault-backup.store");
            }
            // and a text that PostgreSQL does not take
            assertThat(browsing.text("/runs/" + second + "?q=%00")).doesNotContain("secret/db-new", "byte sequence");
            HttpResponse<String> wrong = browsing.get("/api/v1/runs/" + second + "/objects?q=%00");
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.body()).contains("q: names have letters");
        }

        // and given
        bench.set("keyvault-backup.store.directory", bench.store().toString());
        Postgres.shared().close(database);

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // then
            assertThat(browsing.text(snapshots))
                    .contains("The job database", "Sizes, verifications and drills are not shown.")
                    .containsSubsequence(second, "complete", "secrets", first);
            assertThat(browsing.text(snapshots + "/" + second)).contains("secret/db-new");
            assertThat(browsing.text("/vaults/" + path + "/objects/secret/db-old"))
                    .contains("Runs that made no snapshot are not shown.")
                    .containsSubsequence(second, "not in the vault", first, "backed up");
            assertThat(browsing.text("/objects?q=db-new")).contains("1 vault of 1.", "secret/db-new");
            assertThat(browsing.get("/plans/123").statusCode()).isEqualTo(503);
        }
    }

    /** How a request stands, with what its verb said, and what its plan's page says of that. */
    private record Ending(String state, String said, String shown) {}

    @Test
    void aPlansPageSaysWhatBecameOfIt() {
        // given
        vault.secrets("app", 1);
        first = backUp("2026-11-23T03:00:00Z");
        bench.set("keyvault-backup.vaults", vault.uri().toString());
        String form = "/vaults/" + path + "/snapshots/" + first + "/plan";
        String made =
                "{\"message_type\":\"planned\",\"object\":\"secret/app000000\",\"outcome\":\"FAILED\",\"why\":\"no\"}\n"
                        + "{\"message_type\":\"summary\",\"snapshot\":\"" + first + "\",\"outcomes\":{\"FAILED\":1}}";
        String lapsed = "state = 'LAPSED', exit_code = NULL";
        List<Ending> endings = List.of(
                new Ending("state = 'TAKEN', process_id = 'host 7'", "", "It is being made by host 7."),
                new Ending("state = 'DONE', exit_code = 0", made, "The plan is made."),
                new Ending(
                        "state = 'DONE', exit_code = 3",
                        made,
                        "The plan is made. Its exit code is 3: incomplete, and a relaunch may help."),
                new Ending(
                        "state = 'DONE', exit_code = 13",
                        "access is denied",
                        "No plan was made. Its exit code is 13: not authorised; of several vaults, none could be started."),
                new Ending("state = 'DONE', exit_code = 0", "", "The plan is not kept any more. Ask for it again."),
                new Ending(
                        lapsed, "", "No plan was made: whoever was at it did not come back to it. Ask for it again."),
                new Ending(
                        lapsed + ", process_id = NULL",
                        "cronjobs is forbidden",
                        "No plan was made: it could not be begun."),
                new Ending(lapsed, "", "No plan was made: nobody took it in time. Ask for it again."),
                new Ending(
                        "state = 'WAITING', asked_at = asked_at - INTERVAL '61' MINUTE",
                        "",
                        "No plan was made: nobody took it in time. Ask for it again."));

        try (Browsing browsing = Browsing.of(bench.serve())) {
            HttpResponse<String> asked = browsing.browser()
                    .post(
                            browsing.served().address(form),
                            Map.of("_csrf", Browser.csrf(browsing.get(form)), "target", path, "kind", "secret"));
            String plan = Browser.next(asked).getPath();
            for (Ending ending : endings) {
                // when
                bench.jdbc()
                        .sql("UPDATE dashboard_request SET " + ending.state() + ", result = ?")
                        .param(ending.said().isEmpty() ? null : ending.said())
                        .update();

                // then
                String shown = browsing.text(plan);
                assertThat(shown).as(ending.toString()).contains(ending.shown());
                assertThat(shown.contains("access is denied") || shown.contains("cronjobs is forbidden"))
                        .isEqualTo(ending.shown().startsWith("No plan")
                                && !ending.said().isEmpty());
                assertThat(shown.contains("secret/app000000"))
                        .isEqualTo(ending.said().equals(made));
                assertThat(browsing.page(plan).contains("status-failed"))
                        .as("what could not be compared is trouble")
                        .isEqualTo(ending.said().equals(made));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret/app*"})
    void aPlanIsAskedForMadeByAWorkerAndShown(String include) {
        // given
        vault.secrets("app", 2);
        vault.key("signing");
        first = backUp("2026-11-23T03:00:00Z");
        EmulatedVault target = emulator.vault("target" + include.length());
        target.secret("app000001");
        bench.set("keyvault-backup.vaults", vault.uri() + "," + target.uri());
        String form = "/vaults/" + path + "/snapshots/" + first + "/plan";

        try (Browsing browsing = Browsing.of(bench.serve())) {
            HttpResponse<String> page = browsing.get(form);
            assertThat(Browsing.text(page)).contains("Nothing is restored; that is done on the command line.");
            String csrf = Browser.csrf(page);

            // when what is wrong is asked for
            for (String wrong : List.of("", "..", "https://x/y", "a b")) {
                HttpResponse<String> refused = browsing.browser()
                        .post(browsing.served().address(form), Map.of("_csrf", csrf, "target", wrong, "kind", "key"));
                assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
                assertThat(Browsing.text(refused)).contains("That can not be planned:");
            }
            HttpResponse<String> noKind = browsing.browser()
                    .post(browsing.served().address(form), Map.of("_csrf", csrf, "target", FleetPageTest.path(target)));
            assertThat(noKind.statusCode()).isEqualTo(400);
            assertThat(Browsing.text(noKind)).contains("no kind is chosen");
            HttpResponse<String> elsewhere = browsing.browser()
                    .post(
                            browsing.served().address(form),
                            Map.of("_csrf", csrf, "target", "https://team-a-x.evil.example", "kind", "key"));
            assertThat(elsewhere.statusCode()).isEqualTo(404);
            assertThat(Browsing.text(elsewhere)).contains("There is no vault team-a-x.evil.example.");
            assertThat(bench.jdbc()
                            .sql("SELECT COUNT(*) FROM dashboard_request")
                            .query(Long.class)
                            .single())
                    .isZero();

            // and then what is right
            Map<String, String> fields = Map.of(
                    "_csrf",
                    csrf,
                    "target",
                    FleetPageTest.path(target),
                    "kind",
                    "secret,key,certificate",
                    "include",
                    include,
                    "exclude",
                    "");
            HttpResponse<String> asked =
                    browsing.browser().post(browsing.served().address(form), fields);
            assertThat(asked.statusCode()).as(asked.body()).isEqualTo(302);
            String plan = Browser.next(asked).getPath();
            assertThat(plan).startsWith("/plans/");
            assertThat(browsing.page(plan)).contains("hx-trigger=\"every 3s\"", "Nobody is at it yet.");
            HttpResponse<String> again =
                    browsing.browser().post(browsing.served().address(form), fields);
            assertThat(again.statusCode()).isEqualTo(409);
            done("worker", "--once");

            // then
            assertThat(browsing.text(plan))
                    .contains("The plan is made.", "exit code is 5: incomplete", "Nothing was restored.")
                    .containsSubsequence("1 in the way: another state is there", "would be restored")
                    .containsSubsequence("secret/app000000", "would be restored")
                    .containsSubsequence("secret/app000001", "in the way")
                    .contains("keyvault-backup restore --from " + vault.uri() + " --snapshot " + first + " --to "
                            + target.uri() + (include.isEmpty() ? "" : " --include 'secret/app*'"));
            assertThat(browsing.text(plan).contains("key/signing")).isEqualTo(include.isEmpty());
            assertThat(browsing.page(plan)).doesNotContain("hx-trigger=\"every");
            assertThat(target.objects()).hasSize(1);

            // and its request leads there, and to the snapshot, which is no run
            String request = plan.replace("/plans/", "/requests/");
            for (String from : List.of(request, "/requests")) {
                assertThat(browsing.page(from))
                        .contains("href=\"" + plan + "\"", "href=\"/vaults/" + path + "/snapshots/" + first + "\"")
                        .doesNotContain("message_type", "verdict-bad", "status-failed", "href=\"/runs/");
            }
            assertThat(browsing.text(request)).contains("Snapshot " + first);
            JsonNode told = browsing.json("/api/v1" + request);
            assertThat(told.path("plan").asString()).isEqualTo("/api/v1" + plan);
            assertThat(told.has("result")).isFalse();
        }
    }
}
