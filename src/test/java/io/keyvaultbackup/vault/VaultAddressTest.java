package io.keyvaultbackup.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://team-a.vault.azure.net",
                "https://team-a.vault.azure.net/",
                " HTTPS://Team-A.Vault.Azure.NET:443/ "
            })
    void allSpellingsOfOneVaultAreEqual(String spelling) {
        assertThat(VaultAddress.parse(spelling)).isEqualTo(VaultAddress.parse("https://team-a.vault.azure.net"));
        assertThat(VaultAddress.parse(spelling).storeName()).isEqualTo("team-a.vault.azure.net");
    }

    @Test
    void vaultsOfOneHostHaveFoldersOfTheirOwn() {
        assertThat(VaultAddress.parse("https://localhost:8443").storeName()).isEqualTo("localhost_8443");
        assertThat(VaultAddress.parse("https://localhost:8444").storeName()).isEqualTo("localhost_8444");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://team-a.vault.azure.net", "https://localhost:8443"})
    void aFolderTellsItsVault(String address) {
        VaultAddress vault = VaultAddress.parse(address);
        assertThat(VaultAddress.ofStoreName(vault.storeName())).contains(vault);
        assertThat(VaultAddress.ofStoreName("fleet")).isEmpty();
        assertThat(VaultAddress.ofStoreName("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "team-a",
                "http://team-a.vault.azure.net",
                "https://",
                "https://team-a.vault.azure.net/secrets/x",
                "https://team-a.vault.azure.net?x=y",
                "https://user@team-a.vault.azure.net",
                "https://team a.vault.azure.net"
            })
    void anythingElseIsRefusedInASentence(String text) {
        assertThatThrownBy(() -> VaultAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not a vault's address")
                .hasMessageContaining("https://team-a.vault.azure.net");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "team-a",
                "TEAM-A",
                "team-a/",
                "team-a.vault.azure.cn",
                "Team-A.Vault.Azure.CN:443",
                "team-a.vault.azure.cn.",
                "https://team-a.vault.azure.cn/"
            })
    void aNameAHostAndAnAddressAreOneVault(String spelling) {
        assertThat(VaultAddress.parse(spelling, "vault.azure.cn")).hasToString("https://team-a.vault.azure.cn");
    }

    @Test
    void aHostWithAPortIsNoName() {
        assertThat(VaultAddress.parse("localhost:8443", "vault.azure.net")).hasToString("https://localhost:8443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://a.managedhsm.azure.net", "b.managedhsm.azure.cn", "c.managedhsm.usgovcloudapi.net:443"})
    void aManagedHsmIsNotSupportedYet(String text) {
        assertThatThrownBy(() -> VaultAddress.parse(text, "vault.azure.net"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is a Managed HSM, which is not supported yet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:0", "localhost:70000", "team_a", "team-a/secrets", "-team"})
    void whatIsNeitherNameNorHostIsRefused(String text) {
        assertThatThrownBy(() -> VaultAddress.parse(text, "vault.azure.net"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not a vault's address")
                .hasMessageContaining("team-a.vault.azure.net");
    }
}
