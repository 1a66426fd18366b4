package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The fleet's page with a thousand vaults. */
class LargeFleetBrowserTest extends BrowserTest {

    @Override
    void prepare() {
        TeamFleet.fill(bench);
        TeamFleet.fillMore(bench, 1_000);
    }

    @BeforeAll
    void logInOnce() {
        logIn();
    }

    @Test
    void aThousandVaultsArePagedThroughWithoutLoadingThePageAnew() {
        // given
        open("/fleet?sort=vault");
        chromium.run("window.marked = true");
        assertThat(chromium.text()).contains("1 to 50 of 1,013 vaults");
        assertThat(chromium.all("#previous")).isEmpty();

        // when
        chromium.one("#next").click();

        // then
        chromium.awaitText("51 to 100 of 1,013 vaults");
        assertThat(chromium.address().getQuery()).contains("sort=vault", "page=2");
        chromium.await(
                "to be at its top",
                () -> chromium.is("document.getElementById('board').getBoundingClientRect().top >= -1"));
        assertThat(chromium.all("#board tbody tr")).hasSize(50);
        chromium.screenshot("fleet-large");

        // when
        chromium.one("#previous").click();

        // then
        chromium.awaitText("1 to 50 of 1,013 vaults");
        assertThat(chromium.is("window.marked === true")).isTrue();

        // when
        chromium.one("#q").sendKeys("payments");

        // then
        chromium.awaitText("2 vaults");
    }
}
