package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.testservices.Postgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fleet's page and a vault's, as a browser without a script gets them. */
class FleetPageTest extends EmulatedVaultTest {

    @BeforeEach
    void waitForNothing() {
        bench.with(SkippingTime.class);
    }

    private Browsing serve() {
        return Browsing.of(bench.serve());
    }

    static String path(EmulatedVault vault) {
        return vault.uri().getHost() + "_" + vault.uri().getPort();
    }

    /** What the store tells comes from the background. */
    private static String textOnceItHas(Browsing browsing, String path, String wanted) {
        String text = browsing.text(path);
        for (int tries = 0; tries < 100 && !text.contains(wanted); tries++) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            text = browsing.text(path);
        }
        return text;
    }

    @Test
    void tellsThatNothingIsBackedUpYetAndWhatToDo() {
        try (Browsing browsing = serve()) {
            assertThat(browsing.get("/").headers().firstValue("Location").orElseThrow())
                    .endsWith("/fleet");
            assertThat(browsing.text("/fleet"))
                    .contains("No vault is backed up yet.", "No vault is known.")
                    .contains("keyvault-backup backup --vault NAME");
        }
    }

    @Test
    void eachVaultTellsHowItStandsAndWhatFailedIsExplained() {
        // given
        vault.secrets("app", 3);
        EmulatedVault other = emulator.vault("another");
        other.secrets("db", 2);
        other.secret("old").versions(401);
        other.faults().on(Operation.BACKUP, "secret", "db000001").always().forbid("ForbiddenByRbac");
        assertThat(bench.backUp(vault).exitCode()).isZero();
        assertThat(bench.backUp(other).exitCode()).isEqualTo(3);
        bench.set("keyvault-backup.vaults", vault.uri() + "," + other.uri() + ",never-run")
                .set("keyvault-backup.dashboard.schedule", "0 3 * * *");

        try (Browsing browsing = serve()) {
            // then
            String page = browsing.page("/fleet");
            assertThat(browsing.text("/fleet"))
                    .contains("2 of 3 vaults need attention.")
                    .contains("Objective: a good copy of each vault not older than 26 h .")
                    .contains("Next scheduled run:")
                    .containsSubsequence(
                            path(other), "no copy", "none known", "incomplete", "1 failed", "2 backed up", "401 of 500")
                    .containsSubsequence("never-run", "no copy", "none known", "none known")
                    .containsSubsequence(path(vault), "good", "complete", "3 backed up");
            assertThat(page)
                    .contains("aria-label=\"last 1 run: 1 incomplete; the newest incomplete\"")
                    .contains("<title>(2) Fleet · keyvault-backup</title>")
                    .contains("aria-sort=\"descending\"");
            assertThat(page.split("<tr ", -1)).hasSize(5);
            String ofVault = browsing.text("/vaults/" + path(other));
            assertThat(ofVault)
                    .containsSubsequence(
                            "What failed, and what to do", "1 × role missing", "config/azure/backup-role.json")
                    .containsSubsequence("Objects", "secret", "3", "2", "0", "0", "1")
                    .containsSubsequence("Runs", "incomplete", "1 failed", "3 objects");
            assertThat(textOnceItHas(browsing, "/vaults/" + path(other), "none " + bench.store()))
                    .contains("Protection of the copies none " + bench.store());
        }
    }

    @Test
    void aCopyIsTooOldByItsOwnVaultsObjective() {
        // given
        vault.secrets("app", 1);
        EmulatedVault patient = emulator.vault("patient");
        patient.secrets("app", 1);
        assertThat(bench.backUp(vault).exitCode()).isZero();
        assertThat(bench.backUp(patient).exitCode()).isZero();
        bench.set("keyvault-backup.dashboard.objective", "1ms")
                .set("keyvault-backup.fleet.vaults[0].name", patient.uri().toString())
                .set("keyvault-backup.fleet.vaults[0].objective", "7d")
                .set("keyvault-backup.vaults", vault.uri().toString());

        try (Browsing browsing = serve()) {
            assertThat(browsing.text("/fleet"))
                    .contains("1 of 2 vaults needs attention.")
                    .containsSubsequence(path(vault), "too old", path(patient), "good", "of 7 d");
            assertThat(browsing.text("/fleet?standing=too_old"))
                    .contains("too old")
                    .doesNotContain(path(patient));
            assertThat(browsing.text("/fleet?q=" + path(patient).toUpperCase(java.util.Locale.ROOT)))
                    .contains(path(patient))
                    .doesNotContain(path(vault));
            assertThat(browsing.text("/fleet?q=nobody")).contains("No vault matches.", "Show all vaults");
        }
    }

    @Test
    void withoutTheJobDatabaseTheStoreTellsWhichCopiesThereAre() {
        // given
        Postgres.Database database = Postgres.shared().newDatabase();
        bench.onDatabase(database);
        vault.secrets("app", 2);
        assertThat(bench.backUp(vault).exitCode()).isZero();
        Postgres.shared().close(database);

        try (Browsing browsing = serve()) {
            // then
            assertThat(browsing.text("/fleet"))
                    .contains("The job database", "Runs, objects, verifications and drills are not shown")
                    .containsSubsequence(path(vault), "good", "old");
            assertThat(browsing.text("/vaults/" + path(vault)))
                    .contains("The job database", "Newest good copy")
                    .doesNotContain("What failed");

            // when it is there again
            Postgres.shared().open(database);

            // then
            assertThat(textOnceItHas(browsing, "/fleet", "2 backed up"))
                    .contains("The vault has a good copy within its objective.")
                    .doesNotContain("The job database");
        }
    }

    @Test
    void withoutAStoreTheJobDatabaseTells() {
        // given
        vault.secrets("app", 2);
        assertThat(bench.backUp(vault).exitCode()).isZero();
        bench.without("keyvault-backup.store.directory");

        try (Browsing browsing = serve()) {
            assertThat(textOnceItHas(browsing, "/fleet", "No store is configured."))
                    .contains("No store is configured.", "The vault has a good copy within its objective.");
        }
    }

    @Test
    void whereThereIsNoPageItSaysWhatToDo() {
        try (Browsing browsing = serve()) {
            for (String path : new String[] {"/nowhere", "/vaults/unknown.vault.azure.net"}) {
                HttpResponse<String> answer = browsing.get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(404);
                assertThat(Browsing.text(answer))
                        .as(path)
                        .contains("There is nothing here.", "The address may be mistyped", "To the fleet");
            }
            assertThat(browsing.get("/vaults/%2e%2e%2fetc").statusCode()).isIn(400, 404);
        }
    }

    @Test
    void whatAPageNeedsIsServedHere() {
        try (Browsing browsing = serve()) {
            String page = browsing.page("/fleet");
            for (String needed : page.split("(href|src)=\"", -1)) {
                String address = needed.substring(0, Math.max(0, needed.indexOf('"')));
                if (address.startsWith("/css") || address.startsWith("/js") || address.startsWith("/webjars")) {
                    HttpResponse<String> answer = browsing.get(address);
                    assertThat(answer.statusCode()).as(address).isEqualTo(200);
                    assertThat(answer.headers().firstValue("Cache-Control"))
                            .as(address)
                            .hasValue("max-age=31536000");
                }
            }
            assertThat(page)
                    .containsPattern("/css/dashboard-[0-9a-f]{32}\\.css")
                    .containsPattern("/webjars/htmx.org/[0-9.]+/dist/htmx.min.js")
                    .doesNotContain("https://", "//cdn");
        }
    }

    @Test
    void aWrongObjectiveOrScheduleIsRefused() {
        bench.set("keyvault-backup.dashboard.objective", "-1h")
                .set("keyvault-backup.dashboard.schedule", "every night")
                .set("keyvault-backup.fleet.vaults[0].name", "team-a")
                .set("keyvault-backup.fleet.vaults[0].objective", "0s");

        assertThat(bench.run("serve"))
                .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(2))
                .satisfies(refused -> assertThat(refused.err())
                        .contains("keyvault-backup.dashboard.objective: PT-1H is no time that a copy may be old")
                        .contains("'every night' has not the five fields of a schedule")
                        .contains("keyvault-backup.fleet.vaults[0].objective"));
    }
}
