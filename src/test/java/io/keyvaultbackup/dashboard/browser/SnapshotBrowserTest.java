package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.SkippingTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Snapshots, what is in them, how they differ, and what a restore would do. */
class SnapshotBrowserTest extends BrowserTest {

    private String vault = "";
    private String first = "";
    private String second = "";

    /** The dashboard knows it, as it is backed up, too. */
    private EmulatedVault other;

    @Override
    void prepare() {
        bench.with(SkippingTime.class);
    }

    /** Two snapshots between which a secret is gone, one is new, and one is tagged and disabled; and another vault. */
    @BeforeAll
    void backUpAndLogIn() {
        EmulatedVault shop = emulator.vault("shop");
        vault = name(shop);
        shop.secret("db-password").versions(3).contentType("text/plain");
        shop.secret("db-old");
        shop.key("signing");
        shop.certificate("site");
        first = backUp(shop, "2026-11-23T03:00:00Z");
        shop.tag("secret", "db-password", Map.of("team", "a"));
        shop.enable("secret", "db-password", false);
        shop.delete("secret", "db-old");
        shop.secret("db-new");
        second = backUp(shop, "2026-11-24T03:00:00Z");
        String of = shop.uri().toString();
        done("pin", first, "--vault", of);
        done("tag", first, "--add", "audit", "--vault", of);
        done("verify", second, "--vault", of, "--read-data");
        other = emulator.vault("other");
        other.secret("db-elsewhere");
        backUp(other, "2026-11-24T03:00:00Z");
        logIn();
    }

    private String backUp(EmulatedVault which, String night) {
        return bench.backUp(which, "--scheduled-for", night)
                .summary()
                .path("snapshot")
                .asString();
    }

    private void done(String... verb) {
        Bench.Result result = bench.run(verb);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    /** The first cell of each row. */
    private List<String> rows() {
        return chromium.texts("tbody th");
    }

    private void openVault(String more) {
        open("/vaults/" + vault + more);
    }

    @Test
    void fromTheVaultSomebodyComesToAnObjectAndItsHistoryAndBack() {
        // given
        openVault("");
        isGoodToRead("vault-emulated");

        // when
        chromium.one("a[href$='/snapshots']").click();

        // then
        chromium.await("the snapshots", () -> rows().equals(List.of(second, first)));
        assertThat(chromium.text()).contains("pinned", "audit", "no damage found");
        isGoodToRead("snapshots");

        // when
        chromium.one("tbody tr:first-child th a").click();

        // then
        chromium.await("what is in it", () -> rows().contains("secret/db-new"));
        assertThat(rows())
                .contains("certificate/site", "key/signing", "secret/db-password")
                .hasSize(6);
        isGoodToRead("snapshot");

        // when
        chromium.one("#q").sendKeys("DB-p", Keys.ENTER);

        // then
        chromium.await("what was looked for", () -> rows().equals(List.of("secret/db-password")));
        assertThat(chromium.text()).contains("disabled", "text/plain");

        // when
        chromium.one("tbody th a").click();

        // then
        chromium.await("its history", () -> rows().equals(List.of(second, first)));
        assertThat(chromium.texts("td[data-label='Changes']").getFirst()).contains("enabled: true", "tags.team");
        isGoodToRead("object");
        chromium.one(".back a").click();
        chromium.await("the snapshots", () -> chromium.address().getPath().endsWith("/snapshots"));
        chromium.one(".back a").click();
        chromium.await("the vault", () -> chromium.address().getPath().endsWith(vault));
    }

    @Test
    void whatIsNotThereIsSaid() {
        openVault("/snapshots/" + second + "?q=nothing");
        assertThat(chromium.text()).contains("No object matches.", "Show all");
        isGoodToRead("snapshot-nothing");

        openVault("/objects/secret/db-old");
        assertThat(chromium.text()).contains("not in the vault, or not listed");
        isGoodToRead("object-deleted");
    }

    @Test
    void objectsOfAllVaultsAreFound() {
        open("/objects");
        assertThat(chromium.text()).contains("Say what to look for");
        isGoodToRead("objects-start");

        chromium.one("#q").sendKeys("db-", Keys.ENTER);

        chromium.await(
                "all of them",
                () -> rows().containsAll(List.of("secret/db-elsewhere", "secret/db-new", "secret/db-password")));
        assertThat(chromium.text()).contains("Looked into the newest run of 2 vaults of 2.");
        isGoodToRead("objects");
    }

    @Test
    void twoSnapshotsAreCompared() {
        // given
        openVault("/snapshots");
        chromium.one("a[href*='/diff']").click();
        chromium.await("the form", () -> !chromium.all("#from").isEmpty());

        // when
        chromium.one("#from").clear();
        chromium.one("#from").sendKeys(first);
        chromium.one("#to").clear();
        chromium.one("#to").sendKeys("latest", Keys.ENTER);

        // then
        chromium.await("what differs", () -> rows().size() == 3);
        assertThat(chromium.texts(".tile")).containsExactly("3 all", "1 added", "1 removed", "1 changed");
        assertThat(rows()).containsExactly("secret/db-new", "secret/db-password", "secret/db-old");
        assertThat(chromium.texts("td[data-label='Change']")).containsExactly("added", "changed", "removed");
        isGoodToRead("diff");

        // when
        chromium.one(".tile[href*='change=removed']").click();

        // then
        chromium.await("what is gone", () -> rows().equals(List.of("secret/db-old")));
        openVault("/diff?from=2020&to=latest");
        assertThat(chromium.all("[role=alert]")).hasSize(1);
        assertThat(complaints()).singleElement().asString().contains("status of 40");
        isGoodToRead("diff-unknown");
    }

    @Test
    void aPlanIsAskedForByKeysAndShowsItselfOnceItIsMade() {
        // given
        other.secret("db-new");
        openVault("/snapshots/" + second);
        chromium.tabTo("Plan a restore");
        chromium.press(Keys.ENTER);
        chromium.await("the form", () -> !chromium.all("#target").isEmpty());
        isGoodToRead("plan-form");

        // when
        for (int step = 0; step < 40 && !"target".equals(chromium.focused().getAttribute("id")); step++) {
            chromium.press(Keys.TAB);
        }
        chromium.press(name(other));
        chromium.tabTo("Ask for the plan");
        chromium.press(Keys.ENTER);

        // then
        chromium.awaitText("Nobody is at it yet.");
        mark();
        isGoodToRead("plan-waiting");
        work(vault, name(other));
        chromium.awaitText("The plan is made.");
        assertThat(isTheSamePage()).isTrue();
        assertThat(chromium.text()).contains("in the way", "would be restored", "Nothing was restored.");
        isGoodToRead("plan");
        assertThat(other.objects()).as("nothing was restored").hasSize(2);
    }
}
