package io.keyvaultbackup.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.testservices.OidcServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The login at an OpenID Connect provider, through its own form and all redirects. */
class OidcLoginTest extends EmulatedVaultTest {

    private final OidcServer provider = OidcServer.shared();
    private final Browser browser = new Browser();
    private @Nullable Served served;

    @AfterEach
    void stop() {
        browser.close();
        if (served != null) {
            served.close();
        }
    }

    private Served serve(String issuer) {
        bench.with(Probes.InRealTime.class)
                .set("keyvault-backup.dashboard.access.issuer", issuer)
                .set("keyvault-backup.dashboard.access.client-id", OidcServer.CLIENT)
                .set("keyvault-backup.dashboard.access.client-secret", OidcServer.SECRET)
                .set("keyvault-backup.dashboard.access.grants[0].value", "backup-operator")
                .set("keyvault-backup.dashboard.access.grants[0].role", "operator")
                .set("keyvault-backup.dashboard.access.grants[0].vaults[0]", "team-a-*")
                .set("keyvault-backup.dashboard.access.grants[1].value", "backup-viewer")
                .set("keyvault-backup.dashboard.access.grants[1].role", "viewer")
                .set("keyvault-backup.dashboard.access.grants[1].vaults[0]", "team-b-1")
                .set("keyvault-backup.dashboard.access.grants[2].value", "team-c")
                .set("keyvault-backup.dashboard.access.grants[2].role", "viewer")
                .set("keyvault-backup.dashboard.access.grants[2].vaults[0]", "team-c-?.vault.azure.net");
        Served started = bench.serve();
        served = started;
        provider.letBackTo(started.address("/login/oauth2/code/oidc").toString());
        return started;
    }

    private static String post(Browser browser, Served dashboard, String path) {
        String proof = browser.proof(dashboard.address("/login"));
        return String.valueOf(browser.post(dashboard.address(path), Map.of(), "X-CSRF-TOKEN", proof)
                .statusCode());
    }

    @Test
    void peopleSeeTheVaultsOfAllTheirRoles() {
        Served dashboard = serve(provider.issuer());
        provider.user(
                "anna",
                Map.of(
                        "preferred_username",
                        "anna@example.org",
                        "roles",
                        List.of("backup-operator", "backup-viewer", "team-c")));

        assertThat(dashboard.told().has("one_time_password")).isFalse();
        HttpResponse<String> page = browser.get(dashboard.address("/login"));
        assertThat(page.body())
                .contains("their account at <span>127.0.0.1</span>")
                .doesNotContain("One-time password");
        browser.get(dashboard.address("/probe"));
        HttpResponse<String> back = browser.logInAtProvider(dashboard.address("/"), "anna");

        assertThat(back.headers().firstValue("Location")).as(back.body()).contains("/probe");
        assertThat(browser.get(dashboard.address("/probe")).body()).isEqualTo("anna@example.org SESSION operator");
        assertThat(browser.get(dashboard.address("/probe/team-a-1.vault.azure.net"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(browser.get(dashboard.address("/probe/team-b-1.vault.azure.net"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(browser.get(dashboard.address("/probe/team-c-1.vault.azure.net"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(browser.get(dashboard.address("/probe/team-b-2.vault.azure.net"))
                        .statusCode())
                .as("what one may not see is not there")
                .isEqualTo(404);
        assertThat(post(browser, dashboard, "/probe/team-a-1.vault.azure.net")).isEqualTo("200");
        assertThat(post(browser, dashboard, "/probe/team-b-1.vault.azure.net")).isEqualTo("403");
        assertThat(post(browser, dashboard, "/probe/team-b-2.vault.azure.net")).isEqualTo("404");
        assertThat(bench.jdbc()
                        .sql("SELECT who || ' ' || by_way || ' ' || action || ' ' || outcome FROM dashboard_audit")
                        .query(String.class)
                        .list())
                .contains("[anna] anna@example.org session login done");
    }

    @Test
    void viewersAskForNothing() {
        Served dashboard = serve(provider.issuer());
        provider.user("vera", Map.of("roles", List.of("backup-viewer")));

        browser.logInAtProvider(dashboard.address("/"), "vera");

        assertThat(browser.get(dashboard.address("/probe")).body()).isEqualTo("vera SESSION viewer");
        assertThat(post(browser, dashboard, "/probe")).isEqualTo("403");
        assertThat(post(browser, dashboard, "/probe/team-b-1.vault.azure.net")).isEqualTo("403");
    }

    @Test
    void theSessionOfTheWayThereIsNotTheOneAfterIt() {
        Served dashboard = serve(provider.issuer());
        provider.user("vera", Map.of("roles", List.of("backup-viewer")));

        browser.get(dashboard.address("/oauth2/authorization/oidc"));
        String before = browser.cookie("keyvault-backup").orElseThrow().getValue();
        browser.logInAtProvider(dashboard.address("/"), "vera");

        assertThat(browser.cookie("keyvault-backup").orElseThrow().getValue()).isNotEqualTo(before);
    }

    @Test
    void whoHasNoRoleIsNotLetIn() {
        Served dashboard = serve(provider.issuer());
        provider.user("eve", Map.of("roles", List.of("something-else")));
        provider.user("gus", Map.of("_claim_names", Map.of("roles", "src1")));

        HttpResponse<String> refused = browser.logInAtProvider(dashboard.address("/"), "eve");

        assertThat(refused.headers().firstValue("Location")).contains("/login?refused=no-role");
        assertThat(browser.get(Browser.next(refused)).body()).contains("You have no role at this dashboard.");
        assertThat(browser.get(dashboard.address("/probe")).statusCode()).isEqualTo(302);
        try (Browser other = new Browser()) {
            assertThat(other.logInAtProvider(dashboard.address("/"), "gus")
                            .headers()
                            .firstValue("Location"))
                    .contains("/login?refused=too-many-groups");
        }
    }

    @Test
    void aLoginThatNobodyBeganIsNone() {
        Served dashboard = serve(provider.issuer());

        HttpResponse<String> refused =
                browser.get(dashboard.address("/login/oauth2/code/oidc?code=stolen&state=made-up"));

        assertThat(refused.headers().firstValue("Location")).contains("/login?refused=failed");
    }

    @Test
    void aProviderThatIsDownKeepsNobodyFromStarting() throws IOException {
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = free.getLocalPort();
        }
        Served dashboard = serve("http://127.0.0.1:" + closed);

        HttpResponse<String> refused = browser.get(dashboard.address("/oauth2/authorization/oidc"));

        assertThat(refused.headers().firstValue("Location")).contains("/login?refused=provider");
        assertThat(browser.get(Browser.next(refused)).body())
                .contains("The provider at which people log in cannot be reached");
        HttpResponse<String> api =
                browser.get(dashboard.address("/api/v1/probe"), "Authorization", "Bearer " + provider.token(Map.of()));
        assertThat(api.statusCode()).isEqualTo(503);
        assertThat(api.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }
}
