package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A vault's page. */
class VaultBrowserTest extends BrowserTest {

    @Override
    void prepare() {
        TeamFleet.fill(bench);
    }

    @BeforeAll
    void logInOnce() {
        logIn();
    }

    private void openVault(String name) {
        open("/vaults/" + name + ".vault.azure.net");
    }

    @Test
    void saysWhatFailedAndWhatToDo() {
        openVault("payments-prod");

        assertThat(chromium.title()).isEqualTo("payments-prod · keyvault-backup");
        assertThat(chromium.text()).contains("too old", "1 × too many versions", "1 × role missing", "2 failed");
        isGoodToRead("vault-failing");
    }

    @Test
    void tellsOfAVaultThatIsWell() {
        openVault("checkout-prod");

        assertThat(chromium.text()).contains("good", "no damage found").doesNotContain("What failed");
        isGoodToRead("vault-good");
    }

    @Test
    void tellsOfAVaultThatWasNeverBackedUpHowToDoIt() {
        openVault("mobile-apps");

        assertThat(chromium.text()).contains("no copy", "keyvault-backup backup --vault mobile-apps");
        isGoodToRead("vault-never");
    }

    @Test
    void goesBackToTheFleet() {
        openVault("hr-systems");

        chromium.one(".back a").click();

        chromium.await("the fleet", () -> chromium.address().getPath().equals("/fleet"));
    }
}
