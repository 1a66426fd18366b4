package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The way in with a one-time password, and out again. */
class LoginBrowserTest extends BrowserTest {

    @Override
    void prepare() {
        bench.run("runs");
    }

    /** One test, as the password is good once. */
    @Test
    void theOneTimePasswordIsTheWayIn() {
        // given
        open("/fleet");
        assertThat(chromium.address().getPath()).isEqualTo("/login");
        assertThat(chromium.focused().getAttribute("id")).as("where one types").isEqualTo("password");
        isGoodToRead("login");

        // when it is a wrong one
        chromium.press("wrong", Keys.ENTER);

        // then
        chromium.awaitText("This is not the one-time password");
        assertThat(chromium.title()).isEqualTo("Log in · keyvault-backup");
        assertThat(chromium.focused().getAttribute("id"))
                .as("where one types again")
                .isEqualTo("password");
        assertThat(chromium.one("#password").getAttribute("value")).isEmpty();
        isGoodToRead("login-wrong");

        // when it is the right one
        chromium.press(served.told().path("one_time_password").asString(), Keys.ENTER);

        // then what was asked for is shown
        chromium.await("the fleet", () -> chromium.address().getPath().equals("/fleet"));

        // when
        chromium.one("form[action='/logout'] button").click();

        // then
        chromium.awaitText("You are logged out.");
        isGoodToRead("login-out");
        open("/fleet");
        assertThat(chromium.address().getPath()).isEqualTo("/login");
    }
}
