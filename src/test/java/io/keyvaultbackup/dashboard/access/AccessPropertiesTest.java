package io.keyvaultbackup.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot be right is said at the start, all at once, and nothing is served. */
class AccessPropertiesTest extends EmulatedVaultTest {

    private static final String ACCESS = "keyvault-backup.dashboard.access.";

    private List<String> refused() {
        Bench.Result result = bench.run("serve", "--port", "0", "--management-port", "0");
        assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
        return result.err().lines().toList();
    }

    private void assertRefused(String... sentences) {
        assertThat(refused()).satisfies(lines -> {
            for (String sentence : sentences) {
                assertThat(lines).anyMatch(line -> line.contains(sentence));
            }
        });
    }

    @Test
    void othersThanThisMachineNeedAProvider() {
        bench.set("keyvault-backup.dashboard.address", "0.0.0.0");

        assertRefused(
                "keyvault-backup.dashboard.address: 0.0.0.0 can be reached from other machines",
                "keyvault-backup.dashboard.public-url: it is needed where others than this machine come");
    }

    @Test
    void aProviderNeedsToKnowTheDashboardAndSomebodyToLetIn() {
        bench.set(ACCESS + "issuer", "https://login.example.org/tenant/v2.0");

        assertRefused(
                ACCESS + "client-id: it is needed with an issuer",
                ACCESS + "grants: nobody could be let in; say which roles");
    }

    @Test
    void withoutAProviderNothingOfItMeansAnything() {
        bench.set(ACCESS + "client-id", "one")
                .set(ACCESS + "client-secret", "canary-secret")
                .set(ACCESS + "audience", "api://one")
                .set(ACCESS + "grants[0].value", "ops")
                .set(ACCESS + "grants[0].role", "operator");

        List<String> lines = refused();

        assertThat(lines)
                .anyMatch(line -> line.contains(ACCESS + "client-id: it means nothing without a provider"))
                .anyMatch(line -> line.contains(ACCESS + "client-secret: it means nothing without a provider"))
                .anyMatch(line -> line.contains(ACCESS + "audience: it means nothing without a provider"))
                .anyMatch(line -> line.contains(ACCESS + "grants: they need a provider"))
                .noneMatch(line -> line.contains("canary-secret"));
    }

    @Test
    void grantsAreRolesOfHere() {
        bench.set(ACCESS + "issuer", "http://login.example.org")
                .set(ACCESS + "client-id", "one")
                .set(ACCESS + "grants[0].role", "viewer")
                .set(ACCESS + "grants[0].vaults", "")
                .set(ACCESS + "grants[1].value", "ops");

        assertRefused(
                ACCESS + "issuer: this is no issuer of OpenID Connect, which is a URL with https",
                ACCESS + "grants[0].value: it is missing",
                ACCESS + "grants[0].vaults: a pattern is empty",
                ACCESS + "grants[1].role: it is missing; it is viewer or operator");

        bench.set(ACCESS + "grants[1].role", "admin");
        assertThat(refused()).anyMatch(line -> line.contains("grants[1].role") && line.contains("operator"));
    }

    @Test
    void timesAndTokensAndAddressesAreWhatTheyCanBe() {
        bench.set(ACCESS + "session", "30s")
                .set(ACCESS + "idle", "8d")
                .set(ACCESS + "metrics-token", "canary-short")
                .set(ACCESS + "metrics-open", "true")
                .set("keyvault-backup.dashboard.public-url", "http://backup.example.org");

        assertThat(refused())
                .anyMatch(line -> line.contains(ACCESS + "session: it is not between one minute and seven days"))
                .anyMatch(line -> line.contains(ACCESS + "idle: it is not between one minute and seven days"))
                .anyMatch(line -> line.contains(ACCESS + "metrics-token: it is shorter than 32 characters"))
                .anyMatch(line -> line.contains(ACCESS + "metrics-open: it is true, and there is a metrics-token"))
                .anyMatch(line -> line.contains("public-url: 'http://backup.example.org' is not https"))
                .noneMatch(line -> line.contains("canary-short"));

        bench.set("keyvault-backup.dashboard.public-url", "https://example.org/backup");
        assertRefused("public-url: 'https://example.org/backup' is not the address of a dashboard");
    }
}
