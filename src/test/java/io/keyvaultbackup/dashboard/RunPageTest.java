package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of runs, as a browser without a script gets them. */
class RunPageTest extends EmulatedVaultTest {

    @BeforeEach
    void waitForNothing() {
        bench.with(SkippingTime.class);
    }

    private String backUp(EmulatedVault which, String... more) {
        return bench.backUp(which, more).summary().path("snapshot").asString();
    }

    @Test
    void aRunTellsWhatFailedWhyAndWhatToDo() {
        // given
        vault.secrets("app", 60);
        vault.faults().on(Operation.BACKUP, "secret", "app000001").always().forbid("ForbiddenByRbac");
        EmulatedVault other = emulator.vault("well");
        other.secrets("db", 1);
        String run = backUp(vault, "--exclude", "nothing-of-this-*");
        String whole = backUp(other);
        String path = "/runs/" + run;

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // then it is found among all
            assertThat(browsing.text("/runs"))
                    .containsSubsequence(whole, FleetPageTest.path(other), "complete")
                    .containsSubsequence(run, FleetPageTest.path(vault), "incomplete", "1 failed", "60 objects");
            assertThat(browsing.text("/runs?status=complete")).contains(whole).doesNotContain(run);
            assertThat(browsing.text("/runs?vault=" + FleetPageTest.path(vault)))
                    .contains(run)
                    .doesNotContain(whole);
            assertThat(browsing.text("/runs?status=stopped")).contains("No run matches.", "Show all runs");
            assertThat(browsing.page("/fleet")).contains("href=\"" + path + "\"");
            assertThat(browsing.page("/vaults/" + FleetPageTest.path(vault))).contains("href=\"" + path + "\"");

            // and by itself
            String page = browsing.page(path);
            assertThat(browsing.text(path))
                    .containsSubsequence("Run " + run, "incomplete", "of " + FleetPageTest.path(vault))
                    .containsSubsequence("About", "secrets, keys, certificates; without nothing-of-this-*")
                    .containsSubsequence("Outcomes", "secret", "60", "59", "0", "0", "1")
                    .containsSubsequence(
                            "What failed, and what to do",
                            "1 × role missing",
                            "config/azure/backup-role.json",
                            "secret/app000001",
                            "1",
                            "403 ForbiddenByRbac")
                    .containsSubsequence("Executions", "1", "incomplete")
                    .containsSubsequence("Objects", "secret/app000000", "backed up", "More objects")
                    .doesNotContain("How far it is", "secret/app000055 backed up");
            assertThat(page).doesNotContain("sse-connect").contains("href=\"/vaults/" + FleetPageTest.path(vault));
            assertThat(page).containsPattern("/webjars/htmx-ext-sse/[0-9.]+/sse.js");
            assertThat(browsing.get("/webjars/uplot/1.6.30/dist/uPlot.iife.min.js")
                            .statusCode())
                    .isEqualTo(200);

            // and its objects are looked through
            assertThat(browsing.text(path + "?reason=role_missing"))
                    .containsSubsequence(
                            "Only what failed with", "role_missing", "secret/app000001", "failed: role missing")
                    .doesNotContain("secret/app000002");
            assertThat(browsing.text(path + "?outcome=failed&kind=key")).contains("No object matches.");
            assertThat(browsing.text(path + "?q=APP000055")).contains("secret/app000055 backed up");
            assertThat(browsing.text(path + "?behind=secret/app000049"))
                    .contains("secret/app000050 backed up", "First objects")
                    .doesNotContain("secret/app000049 backed up");
            assertThat(browsing.text(path + "?kind=nonsense&outcome=&reason=none"))
                    .contains("secret/app000000");
        }
    }

    @Test
    void whatARunHasNoMoreIsSaid() {
        // given
        bench.set("keyvault-backup.ledger.keep-objects", "1");
        vault.secrets("app", 2);
        String old = backUp(vault, "--scheduled-for", "2026-11-24T03:00:00Z");
        backUp(vault, "--scheduled-for", "2026-11-25T03:00:00Z");

        try (Browsing browsing = Browsing.of(bench.serve())) {
            assertThat(browsing.text("/runs/" + old))
                    .contains("has let the objects of this run go", "They are on the page of its snapshot")
                    .containsSubsequence("Outcomes", "secret", "2", "2", "0", "0", "0")
                    .doesNotContain("secret/app000000");
            assertThat(browsing.json("/api/v1/runs/" + old + "/objects").toString())
                    .isEqualTo("{\"objects\":[],\"objects_kept\":false}");
        }
    }

    @Test
    void withoutTheJobDatabaseItIsSaidWhatIsMissing() {
        // given
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        vault.secrets("app", 1);
        String run = backUp(vault);
        Postgres.shared().close(database);

        try (Browsing browsing = Browsing.of(bench.serve())) {
            // then
            assertThat(browsing.text("/runs")).contains("The job database", "Runs are not shown");
            HttpResponse<String> one = browsing.get("/runs/" + run);
            assertThat(one.statusCode()).isEqualTo(503);
            assertThat(Browsing.text(one)).contains("The job database", "keyvault-backup ls");
            assertThat(browsing.get("/runs/" + run + "/live").statusCode()).isEqualTo(503);

            // when it is there again, and the store is not
            Postgres.shared().open(database);

            // then
            assertThat(browsing.text("/runs/" + run)).contains("Run " + run, "complete", "secret/app000000");
            assertThat(browsing.get("/runs/unknown").statusCode()).isEqualTo(404);
            assertThat(browsing.get("/runs/" + run + "?behind=nonsense").statusCode())
                    .isEqualTo(404);
        }
    }
}
