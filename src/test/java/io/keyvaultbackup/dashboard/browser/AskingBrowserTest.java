package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.testservices.OidcServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** What an operator asks for, and what others see of it. */
class AskingBrowserTest extends BrowserTest {

    private final OidcServer provider = OidcServer.shared();
    private String run = "";
    private String vaultPage = "";

    @Override
    void prepare() {
        bench.with(SkippingTime.class)
                .set("keyvault-backup.dashboard.access.issuer", provider.issuer())
                .set("keyvault-backup.dashboard.access.client-id", OidcServer.CLIENT)
                .set("keyvault-backup.dashboard.access.client-secret", OidcServer.SECRET)
                .set("keyvault-backup.dashboard.access.grants[0].value", "watch")
                .set("keyvault-backup.dashboard.access.grants[0].role", "viewer")
                .set("keyvault-backup.dashboard.access.grants[1].value", "all")
                .set("keyvault-backup.dashboard.access.grants[1].role", "operator");
        provider.user("vera", Map.of("roles", List.of("watch")));
        provider.user("otto", Map.of("roles", List.of("all")));
    }

    /** A run of which one object failed. */
    @BeforeAll
    void backUp() {
        EmulatedVault vault = emulator.vault("asked");
        vault.secrets("app", 3);
        run = backUpWithout(vault, "app000001");
        vaultPage = "/vaults/" + name(vault);
    }

    @Override
    protected List<URI> places() {
        return List.of(served.address("/"), URI.create(provider.issuer()));
    }

    private void logInAs(String user) {
        logInAs(provider, user, vaultPage);
        chromium.await("what was asked for", () -> chromium.address().getPath().equals(vaultPage));
    }

    private List<String> buttons() {
        return chromium.texts(".asking .btn");
    }

    @Test
    void aStopIsConfirmedWithItsReasonAndIsSeenAmongWhatWasAskedFor() {
        // given a run that is at work, as the job database has it
        logInAs("otto");
        assertThat(buttons()).containsExactly("Run now");
        runIs("RUNNING");
        open("/requests");
        assertThat(chromium.text()).contains("Nothing has been asked for.");
        isGoodToRead("requests-none");
        chromium.await("Stop", () -> {
            open(vaultPage);
            return buttons().equals(List.of("Run now", "Stop…"));
        });
        isGoodToRead("vault-running");
        open("/runs/" + run);
        assertThat(buttons()).containsExactly("Stop…");

        // when somebody thinks better of it
        chromium.one(".asking .btn").click();
        chromium.awaitText("Let it go on");
        isGoodToRead("stop");
        chromium.one(".question a").click();

        // then
        chromium.await("the run", () -> chromium.address().getPath().equals("/runs/" + run));

        // when somebody means it, by keys
        chromium.tabTo("Stop…");
        chromium.press(Keys.ENTER);
        chromium.await("the question", () -> !chromium.all("#reason").isEmpty());
        for (int step = 0; step < 40 && !"reason".equals(chromium.focused().getAttribute("id")); step++) {
            chromium.press(Keys.TAB);
        }
        chromium.press("the vault is needed", Keys.TAB, Keys.ENTER);

        // then
        chromium.awaitText("Waiting.");
        assertThat(chromium.text()).contains("Stop at", "the vault is needed", "otto");

        // when it is asked for again
        open("/runs/" + run + "/stop");
        chromium.one(".btn-danger").click();

        // then
        chromium.awaitText("Somebody has asked for the same at this vault");
        assertThat(complaints()).singleElement().asString().contains("status of 409");
        isGoodToRead("asked-already");

        // and all of it can be looked up
        open("/requests");
        assertThat(chromium.texts("td[data-label='What']")).containsExactly("Stop");
        isGoodToRead("requests");
        open("/audit");
        assertThat(chromium.texts("td[data-label='Outcome']")).contains("accepted", "already asked");
        isGoodToRead("audit");
        chromium.one("#who").sendKeys("nobody-here", Keys.ENTER);
        chromium.awaitText("There is nothing of that in the log.");
        isGoodToRead("audit-nothing");
        runIs("INCOMPLETE");
    }

    @Test
    void aViewerIsOfferedNothing() {
        logInAs("vera");
        assertThat(buttons()).isEmpty();
        assertThat(chromium.texts(".pages a")).containsExactly("Fleet", "Runs", "Objects", "Requests");

        open("/runs/" + run);
        assertThat(buttons()).isEmpty();
        open("/runs/" + run + "/stop");

        assertThat(chromium.text()).contains("Error 403", "You may not do that.");
        isGoodToRead("not-allowed");
        assertThat(complaints()).singleElement().asString().contains("status of 403");
    }

    private void runIs(String status) {
        for (String table : List.of("ledger_vault", "ledger_run", "ledger_summary")) {
            bench.jdbc()
                    .sql("UPDATE " + table + " SET status = ?")
                    .param(status)
                    .update();
        }
    }
}
