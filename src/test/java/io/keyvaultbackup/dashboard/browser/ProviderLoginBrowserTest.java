package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.testservices.OidcServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The way in through an OpenID Connect provider and its own pages. */
class ProviderLoginBrowserTest extends BrowserTest {

    private final OidcServer provider = OidcServer.shared();

    @Override
    void prepare() {
        bench.set("keyvault-backup.dashboard.access.issuer", provider.issuer())
                .set("keyvault-backup.dashboard.access.client-id", OidcServer.CLIENT)
                .set("keyvault-backup.dashboard.access.client-secret", OidcServer.SECRET)
                .set("keyvault-backup.dashboard.access.grants[0].value", "backup-viewer")
                .set("keyvault-backup.dashboard.access.grants[0].role", "viewer");
        provider.user("vera", Map.of("roles", List.of("backup-viewer")));
        provider.user("eve", Map.of("roles", List.of("something-else")));
    }

    @Override
    protected List<URI> places() {
        return List.of(served.address("/"), URI.create(provider.issuer()));
    }

    private void logInAs(String user) {
        chromium.forgetCookies(); // of the provider, too: it is of the same host
        provider.letBackTo(served.address("/login/oauth2/code/oidc").toString());
        open("/fleet?q=team");
        assertThat(chromium.address().getPath()).isEqualTo("/login");
        assertThat(chromium.text()).contains("People log in with their account at 127.0.0.1");
        chromium.one("a.btn-primary").sendKeys(Keys.ENTER);
        chromium.await("the provider's form", () -> !chromium.all("#username").isEmpty());
        chromium.one("#username").sendKeys(user, Keys.TAB, OidcServer.PASSWORD, Keys.ENTER);
    }

    @Test
    void whoHasARoleComesToThePageThatWasAskedFor() {
        logInAs("vera");

        chromium.await("the fleet", () -> chromium.address().toString().endsWith("/fleet?q=team"));
    }

    @Test
    void whoHasNoRoleIsToldWhomToAsk() {
        logInAs("eve");

        chromium.awaitText("You have no role at this dashboard.");
        assertThat(chromium.text()).contains("Ask whoever runs it for one");
        isGoodToRead("login-no-role");
    }
}
