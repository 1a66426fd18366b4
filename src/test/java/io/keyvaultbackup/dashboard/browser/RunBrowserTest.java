package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Runs: while they are at work, how they ended, and what somebody does about it. */
class RunBrowserTest extends BrowserTest {

    private static final int OBJECTS = 60;

    private final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    void prepare() {
        TeamFleet.fill(bench);
        bench.without("keyvault-backup.vaults") // all that have runs are listed
                .set("keyvault-backup.threads", "1")
                .set("keyvault-backup.chunk", "1")
                .set("keyvault-backup.budget", "150");
    }

    @BeforeAll
    void logInOnce() {
        logIn();
    }

    private int done() {
        return Integer.parseInt(chromium.texts(".live dd").getFirst().replaceAll(" of .*", ""));
    }

    private String standing() {
        return chromium.texts("#standing").getFirst();
    }

    /** Whether the chart has the line of objects in the colour that this scheme has for it, as wide as there is room. */
    private boolean chartIsDrawn() {
        return chromium.is("(function () {"
                + "var canvas = document.querySelector('#rates-chart canvas');"
                + "if (!canvas) return false;"
                + "var style = getComputedStyle(document.documentElement);"
                + "var wanted = style.getPropertyValue('--kvb-busy').trim().match(/[0-9a-f]{2}/gi).map(one => parseInt(one, 16));"
                + "var copy = document.createElement('canvas');"
                + "copy.width = canvas.width; copy.height = canvas.height;"
                + "var drawn = copy.getContext('2d', {willReadFrequently: true});"
                + "drawn.drawImage(canvas, 0, 0);"
                + "var all = drawn.getImageData(0, 0, copy.width, copy.height).data;"
                + "var found = 0;"
                + "for (var at = 0; at < all.length; at += 4) {"
                + "  if (all[at] === wanted[0] && all[at + 1] === wanted[1] && all[at + 2] === wanted[2] && all[at + 3] === 255) found++;"
                + "}"
                + "var room = document.getElementById('rates-chart').clientWidth;"
                + "return found > 20 && Math.abs(canvas.clientWidth - room) < 2;"
                + "})()");
    }

    @Test
    void allRunsAreFoundByVaultAndStatus() {
        open("/runs");
        isGoodToRead("runs");

        chromium.one("#vault").sendKeys("payments-prod");
        chromium.one("#status").sendKeys("incomplete");
        chromium.press(Keys.TAB, Keys.ENTER);

        chromium.await(
                "those of that vault",
                () -> chromium.texts("td[data-label='Vault']").equals(Collections.nCopies(3, "payments-prod")));
        open("/runs?vault=nobody");
        assertThat(chromium.text()).contains("No run matches.");
        isGoodToRead("runs-none");
    }

    @Test
    void throughputIsDrawnInBothSchemesAndAtEachWidth() {
        open("/runs/" + TeamFleet.fillRunning(bench));

        assertThat(chromium.text()).contains("logistics-eu", "Backing up", "of the budget");
        chromium.await("the chart", this::chartIsDrawn);
        chromium.dark();
        chromium.await("the chart in the dark", this::chartIsDrawn);
        chromium.phone();
        chromium.await("the chart on a phone", this::chartIsDrawn);
        isGoodToRead("run-running");
    }

    @Test
    void aRunIsWatchedToItsEndAndWhatFailedIsRelaunched() throws Exception {
        // given a run that stands still at an object
        EmulatedVault live = emulator.vault("live");
        live.secrets("app", OBJECTS);
        live.faults().on(Operation.BACKUP, "secret", "app000003").always().forbid("ForbiddenByRbac");
        live.faults().on(Operation.BACKUP, "secret", "app000040").times(1).before(this::awaitToGoOn);
        CompletableFuture<Bench.Result> backup = CompletableFuture.supplyAsync(() -> bench.backUp(live));
        try {
            chromium.await("the run in the list", () -> {
                open("/runs?vault=" + name(live));
                return !chromium.all("th a").isEmpty();
            });

            // when somebody looks at it
            chromium.one("th a").click();
            chromium.await("its page", () -> standing().equals("running"));
            mark();

            // then what is done rises by itself
            chromium.await("a beginning", () -> done() > 0);
            int before = done();
            chromium.await("it to rise", () -> done() > before && done() >= 39);
            assertThat(chromium.text()).contains("of 60 (", "How far it is");
            isGoodToRead("run-live");
        } finally {
            goOn.countDown();
        }

        // and its end comes by itself, too, with what failed and what to do
        chromium.await("the end", () -> standing().equals("incomplete"));
        String run = backup.get().summary().path("snapshot").asString();
        assertThat(chromium.text())
                .contains("1 × role missing", "secret/app000003", "ForbiddenByRbac")
                .doesNotContain("How far it is");
        assertThat(chromium.texts("#failed")).hasSize(1);
        assertThat(isTheSamePage()).isTrue();
        isGoodToRead("run-incomplete");

        // when
        live.faults().clear();
        live.requests().reset();
        chromium.one("form[action$='/relaunch'] button").click();

        // then what was asked for has a page, which tells how it goes on
        chromium.awaitText("Waiting.");
        assertThat(chromium.address().getPath()).startsWith("/requests/");
        mark();
        isGoodToRead("request-waiting");
        work(name(live));
        chromium.awaitText("Ended with exit code 0");
        assertThat(isTheSamePage()).isTrue();
        isGoodToRead("request-done");
        assertThat(live.requests().count(Operation.BACKUP)).isEqualTo(1);
        chromium.one("#state a[href^='/runs/']").click();
        chromium.await("the run", () -> standing().equals("complete"));
        assertThat(chromium.address().getPath()).isEqualTo("/runs/" + run);
        assertThat(chromium.text()).doesNotContain("What failed", "Relaunch failed");
        isGoodToRead("run-complete");
    }

    @Test
    void byKeysAloneSomebodyComesFromTheFleetToARelaunchThatIsDone() {
        // given
        EmulatedVault other = emulator.vault("other");
        other.secrets("app", 3);
        String run = backUpWithout(other, "app000001", "app000002");
        other.requests().reset();
        chromium.await("it in the fleet", () -> {
            open("/fleet?q=" + name(other));
            return chromium.text().contains("incomplete");
        });

        // when
        chromium.tabTo("incomplete");
        chromium.press(Keys.ENTER);
        chromium.await("the run", () -> chromium.address().getPath().equals("/runs/" + run));
        chromium.tabTo("Relaunch failed");
        chromium.press(Keys.ENTER);
        chromium.awaitText("Waiting.");
        work(name(other));

        // then
        chromium.awaitText("Ended with exit code 0");
        chromium.tabTo(run);
        chromium.press(Keys.ENTER);
        chromium.await("the run", () -> standing().equals("complete"));
        assertThat(other.requests().count(Operation.BACKUP)).isEqualTo(2);
    }

    private void awaitToGoOn() {
        try {
            assertThat(goOn.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException ended) {
            throw new AssertionError(ended);
        }
    }
}
