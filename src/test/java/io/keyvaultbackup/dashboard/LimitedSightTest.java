package io.keyvaultbackup.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.Served;
import io.keyvaultbackup.dashboard.access.Browser;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.testservices.OidcServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whoever may see one vault finds nothing of the others, on pages and by the API. */
class LimitedSightTest extends EmulatedVaultTest {

    @Test
    void whatSomebodyMayNotSeeIsNotThere() {
        // given
        vault.secrets("app", 1);
        EmulatedVault other = emulator.vault("other");
        other.secrets("app", 1);
        String ownRun = bench.backUp(vault).summary().path("snapshot").asString();
        String otherRun = bench.backUp(other).summary().path("snapshot").asString();
        String own = FleetPageTest.path(vault);
        String hidden = FleetPageTest.path(other);
        OidcServer provider = OidcServer.shared();
        provider.user("lisa", Map.of("roles", List.of("own")));
        bench.set("keyvault-backup.dashboard.access.issuer", provider.issuer())
                .set("keyvault-backup.dashboard.access.client-id", OidcServer.CLIENT)
                .set("keyvault-backup.dashboard.access.client-secret", OidcServer.SECRET)
                .set("keyvault-backup.dashboard.access.grants[0].value", "own")
                .set("keyvault-backup.dashboard.access.grants[0].role", "viewer")
                .set("keyvault-backup.dashboard.access.grants[0].vaults", own);

        Served served = bench.serve();
        provider.letBackTo(served.address("/login/oauth2/code/oidc").toString());
        try (Browsing lisa = new Browsing(served, new Browser())) {
            lisa.browser().logInAtProvider(served.address("/"), "lisa");

            // then
            assertThat(lisa.text("/fleet"))
                    .contains(own, "The vault has a good copy")
                    .doesNotContain(hidden);
            assertThat(lisa.json("/api/v1/fleet").path("counts").toString()).isEqualTo("{\"good\":1}");
            assertThat(lisa.get("/vaults/" + own).statusCode()).isEqualTo(200);
            assertThat(lisa.get("/api/v1/runs/" + ownRun).statusCode()).isEqualTo(200);
            assertThat(lisa.json("/api/v1/runs").path("runs"))
                    .singleElement()
                    .satisfies(run -> assertThat(run.path("run").asString()).isEqualTo(ownRun));
            assertThat(lisa.text("/runs")).contains(ownRun).doesNotContain(otherRun);
            assertThat(lisa.text("/runs?vault=" + hidden)).contains("No run matches.");
            assertThat(lisa.json("/api/v1/runs?vault=" + hidden).path("runs")).isEmpty();
            assertThat(lisa.get("/runs/" + ownRun).statusCode()).isEqualTo(200);
            for (String path : List.of(
                    "/runs/" + otherRun,
                    "/runs/" + otherRun + "/live",
                    "/api/v1/runs/" + otherRun + "/objects",
                    "/api/v1/runs/" + otherRun + "/failures",
                    "/api/v1/runs/" + otherRun + "/executions",
                    "/api/v1/runs/" + otherRun + "/rate",
                    "/api/v1/runs/" + otherRun + "/feed",
                    "/vaults/" + hidden,
                    "/api/v1/vaults/" + hidden,
                    "/api/v1/vaults/" + hidden + "/runs",
                    "/api/v1/runs/" + otherRun)) {
                assertThat(lisa.get(path).statusCode()).as(path).isEqualTo(404);
            }
        }
    }
}
