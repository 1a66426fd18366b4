package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The fleet's page, as somebody on call uses it. */
class FleetBrowserTest extends BrowserTest {

    private static final String NAMES = "#board tbody th a";

    /** Both links of runs may lead to the same page. */
    private static final String LINK_WITH_FOCUS = "document.activeElement.tagName + ' ' + document.activeElement.href"
            + " + ' ' + (document.activeElement.closest('td, th') || document.body).className"
            + " + (document.activeElement.closest('td, th') || document.body).dataset.label";

    @Override
    void prepare() {
        TeamFleet.fill(bench);
    }

    @BeforeAll
    void logInOnce() {
        logIn();
    }

    private List<String> names() {
        return chromium.texts(NAMES);
    }

    private String verdict() {
        return chromium.texts("#verdict").getFirst();
    }

    private void openFleet(String more) {
        open("/fleet" + more);
    }

    @Test
    void isReadableInLightAndDarkAndOnAPhone() {
        openFleet("");

        assertThat(chromium.title()).isEqualTo("(4) Fleet · keyvault-backup");
        assertThat(chromium.text()).contains("4 of 12 vaults need attention.");
        isGoodToRead("fleet");
    }

    @Test
    void isSearchedSortedAndFilteredWithoutLoadingThePageAnew() {
        // given
        openFleet("");
        mark();

        // when
        chromium.one("#q").sendKeys("payments");

        // then
        chromium.await("two vaults", () -> names().equals(List.of("payments-prod", "payments-test")));
        assertThat(chromium.address().getQuery()).isEqualTo("q=payments");

        // when
        chromium.one("#sort-vault").click();
        chromium.await("the names sorted", () -> chromium.address().getQuery().contains("sort=vault"));
        chromium.one("#sort-vault").click();

        // then
        chromium.await("the other way", () -> names().equals(List.of("payments-test", "payments-prod")));
        assertThat(chromium.one("th.col-vault").getAttribute("aria-sort")).isEqualTo("descending");

        // when
        chromium.one("#tile-good").click();

        // then
        chromium.await("the good ones", () -> names().equals(List.of("payments-test")));
        assertThat(isTheSamePage()).isTrue();

        // when that address is opened by somebody else
        chromium.open(chromium.address());

        // then
        assertThat(names()).containsExactly("payments-test");
        assertThat(chromium.one("#q").getAttribute("value")).isEqualTo("payments");
    }

    @Test
    void aSearchThatFindsNothingSaysHowToGoOn() {
        openFleet("?q=nobody");

        assertThat(chromium.text()).contains("No vault matches.");
        isGoodToRead("fleet-none");
        chromium.one(".nothing a").click();
        chromium.await("all vaults", () -> names().size() == TeamFleet.TEAMS.size());
    }

    @Test
    void isOperatedByKeysAlone() {
        // given
        openFleet("");

        // then the skip link is first, shows itself, and leads past what each page has
        chromium.press(Keys.TAB);
        assertThat(chromium.focused().getText()).isEqualTo("Skip to the content");
        assertThat(chromium.focused().getRect().getX()).isNotNegative();
        chromium.press(Keys.ENTER);
        chromium.await("the content to have the focus", () -> chromium.is("document.activeElement.id === 'content'"));

        // and everything that can be done is reached in the order in which it stands, and seen to be
        List<String> reached = new ArrayList<>();
        for (int step = 0; step < 40 && !reached.contains("vault-payments-prod.vault.azure.net"); step++) {
            chromium.press(Keys.TAB);
            WebElement here = chromium.focused();
            assertThat(seesFocus()).as("outline of " + here.getText()).isTrue();
            reached.add(String.valueOf(here.getAttribute("id")));
        }
        assertThat(reached)
                .containsSubsequence(
                        "q",
                        "tile-all",
                        "tile-damaged",
                        "tile-good",
                        "sort-vault",
                        "sort-versions",
                        "vault-shared-certificates.vault.azure.net",
                        "vault-payments-prod.vault.azure.net");

        // when
        mark();
        chromium.tabBackTo("sort-age");
        chromium.press(Keys.ENTER);

        // then it is sorted, and the focus is where it was
        chromium.await("ages sorted", () -> chromium.address().getQuery() != null);
        chromium.await(
                "the focus to stay", () -> "sort-age".equals(chromium.focused().getAttribute("id")));
        assertThat(isTheSamePage()).isTrue();

        // when
        chromium.tabTo("hr-systems");
        chromium.press(Keys.ENTER);

        // then
        chromium.await("the vault", () -> chromium.title().startsWith("hr-systems"));
    }

    private boolean seesFocus() {
        return chromium.is("getComputedStyle(document.activeElement).outlineStyle !== 'none'"
                + " && parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"
                + " || getComputedStyle(document.activeElement).boxShadow !== 'none'");
    }

    @Test
    void timesAreThoseOfTheViewersZoneWithUtcOnHover() {
        String latest = "#board tbody tr:last-child td:nth-child(4) time";
        chromium.zone("Asia/Kolkata"); // half an hour beside all others
        openFleet("");

        WebElement time = chromium.one(latest);
        String utc = String.valueOf(time.getAttribute("title"));
        assertThat(utc).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:00 UTC");
        assertThat(time.getText()).endsWith(":30").doesNotContain("UTC");

        chromium.zone("Etc/UTC");
        openFleet("");
        assertThat(chromium.one(latest).getText()).endsWith(utc.substring(11, 16));
        assertThat(chromium.one(latest).getAttribute("title")).isEqualTo(utc);

        // and so are those that come later
        chromium.zone("Asia/Kolkata");
        openFleet("");
        chromium.one("#sort-vault").click();
        chromium.await("the names sorted", () -> names().getFirst().equals("checkout-prod"));
        assertThat(chromium.one(latest).getText()).endsWith(":30");
    }

    @Test
    void coloursAreTheSystemsOrThoseThatSomebodyChose() {
        String theme = "document.documentElement.getAttribute('data-bs-theme')";
        chromium.dark();
        openFleet("");
        assertThat(chromium.ask(theme)).isEqualTo("dark");
        chromium.light();
        chromium.await("light", () -> "light".equals(chromium.ask(theme)));

        chromium.one("#theme").click();
        chromium.one("#theme").click();
        assertThat(chromium.one("#theme").getText()).contains("dark");
        openFleet("");
        assertThat(chromium.ask(theme)).isEqualTo("dark");

        chromium.one("#theme").click();
        assertThat(chromium.ask(theme)).isEqualTo("light");
    }

    @Test
    void saysThatTheDashboardDoesNotAnswerUntilItDoesAgain() {
        openFleet("");
        WebElement offline = chromium.one("#offline");
        assertThat(offline.isDisplayed()).isFalse();

        chromium.online(false);
        chromium.one("#sort-vault").click();
        chromium.await("the notice", offline::isDisplayed);
        assertThat(offline.getText()).contains("The dashboard does not answer; what is shown was so at");
        isGoodToRead("fleet-offline");
        chromium.online(true);
        assertThat(complaints()).isNotEmpty().allMatch(one -> one.matches(".*(ERR_INTERNET_DISCONNECTED|htmx:).*"));

        chromium.one("#sort-vault").click();
        chromium.await("no notice", () -> !offline.isDisplayed());
    }

    @Test
    void bringsItselfUpToDateAndLeavesThoseAloneWhoAreAtWorkInIt() {
        // given somebody who has come to a vault by keys, and has begun to look for another
        chromium.hurry();
        openFleet("");
        mark();
        chromium.one("#q").sendKeys("s");
        chromium.await("the search", () -> "q=s".equals(chromium.address().getQuery()));
        chromium.tabTo("hr-systems");
        assertThat(verdict()).startsWith("4 of 12");

        // when
        damage("hr-systems", 1);
        try {
            // then
            chromium.await("the news", () -> verdict().startsWith("5 of 12"));
            assertThat(chromium.focusedText()).isEqualTo("hr-systems");
            assertThat(chromium.one("#q").getAttribute("value")).isEqualTo("s");
            assertThat(names()).doesNotContain("identity-prod").contains("hr-systems", "mobile-apps");
            assertThat(isTheSamePage()).isTrue();
        } finally {
            damage("hr-systems", 0);
        }
        chromium.await("to be as before", () -> verdict().startsWith("4 of 12"));
    }

    @Test
    void whoeverIsAtAnyLinkOfARowIsStillThereWhenTheRowIsRenewed() {
        // given
        chromium.hurry();
        openFleet("");
        chromium.tabTo("hr-systems");
        long links = (Long) Objects.requireNonNull(
                chromium.ask("document.activeElement.closest('tr').querySelectorAll('a').length"));
        assertThat(links).isGreaterThan(1);

        for (int link = 1; link <= links; link++) {
            // when
            Object before = chromium.ask(LINK_WITH_FOCUS);
            damage("hr-systems", 1);
            try {
                chromium.await("the news", () -> verdict().startsWith("5 of 12"));

                // then
                assertThat(chromium.ask(LINK_WITH_FOCUS)).as("link " + link).isEqualTo(before);
            } finally {
                damage("hr-systems", 0);
            }
            chromium.await("to be as before", () -> verdict().startsWith("4 of 12"));
            chromium.press(Keys.TAB);
        }
    }

    private void damage(String team, int copies) {
        bench.jdbc()
                .sql("UPDATE ledger_vault SET verified_damage = ? WHERE vault_uri = ?")
                .params(copies, "https://" + team + ".vault.azure.net")
                .update();
    }
}
