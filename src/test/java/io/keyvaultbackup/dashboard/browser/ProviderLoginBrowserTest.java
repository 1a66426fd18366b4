package io.keyvaultbackup.dashboard.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.testservices.OidcServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

    @Test
    void whoHasARoleComesToThePageThatWasAskedFor() {
        logInAs(provider, "vera", "/fleet?q=team");

        chromium.await("the fleet", () -> chromium.address().toString().endsWith("/fleet?q=team"));
    }

    @Test
    void whoHasNoRoleIsToldWhomToAsk() {
        open("/fleet");
        assertThat(chromium.text()).contains("People log in with their account at 127.0.0.1");
        logInAs(provider, "eve", "/fleet");

        chromium.awaitText("You have no role at this dashboard.");
        assertThat(chromium.text()).contains("Ask whoever runs it for one");
        isGoodToRead("login-no-role");
    }
}
