package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.testservices.Postgres;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is shown where there is nothing to show, or something is missing. */
class ProblemBrowserTest extends BrowserTest {

    private final Postgres.Database database = Postgres.shared().newDatabase();

    @Override
    void prepare() {
        bench.onDatabase(database).without("keyvault-backup.store.directory");
    }

    @BeforeAll
    void logInOnce() {
        logIn();
    }

    @Test
    void nothingIsBackedUpYet() {
        open("/fleet");

        assertThat(chromium.text()).contains("No vault is backed up yet.", "keyvault-backup backup --vault NAME");
        isGoodToRead("fleet-nothing-yet");
    }

    @Test
    void whatIsMissingIsSaidWithWhatToDo() {
        Postgres.shared().close(database);
        try {
            open("/fleet");
            chromium.await("what is missing", () -> {
                open("/fleet");
                return chromium.text().contains("The job database")
                        && chromium.text().contains("No store is configured.");
            });

            isGoodToRead("fleet-sources-missing");
        } finally {
            Postgres.shared().open(database);
        }
    }

    @Test
    void aPageThatIsNotThereSaysSo() {
        open("/vaults/unknown.vault.azure.net");

        assertThat(chromium.text()).contains("Error 404", "There is nothing here.");
        isGoodToRead("problem");
        assertThat(complaints()).singleElement().asString().contains("status of 404");
        chromium.one("#problem a").click();
        chromium.await("the fleet", () -> chromium.address().getPath().equals("/fleet"));
    }
}
