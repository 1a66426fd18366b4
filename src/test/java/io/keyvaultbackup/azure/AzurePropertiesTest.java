package io.keyvaultbackup.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** How Azure is reached, as people configure it. */
class AzurePropertiesTest {

    private static final Map<String, String> NOTHING = Map.of();

    private static AzureProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties.entrySet().stream()
                        .collect(Collectors.toMap(
                                property -> "keyvault-backup.azure." + property.getKey(), Map.Entry::getValue))))
                .bindOrCreate("keyvault-backup.azure", AzureProperties.class);
    }

    private static List<String> problems(Map<String, String> properties, Map<String, String> environment) {
        return AzureProblems.of(bind(properties), environment::get);
    }

    private static @Nullable ProxyRoute proxy(Map<String, String> properties, Map<String, String> environment) {
        return ProxyRoute.of(bind(properties).proxy(), environment::get);
    }

    @Test
    void nothingNeedBeGiven() {
        assertThat(problems(NOTHING, NOTHING)).isEmpty();
        assertThat(Identity.of(bind(NOTHING), NOTHING::get).authorityHost())
                .isEqualTo("https://login.microsoftonline.com");
        assertThat(proxy(NOTHING, NOTHING)).isNull();
    }

    @Test
    void allThatACredentialLacksIsSaidAtOnce() {
        assertThat(problems(Map.of("credential", "client-secret"), NOTHING))
                .hasSize(3)
                .allMatch(problem -> problem.startsWith("keyvault-backup.azure.credential is client-secret"))
                .anyMatch(problem -> problem.contains("keyvault-backup.azure.tenant-id (or AZURE_TENANT_ID)"))
                .anyMatch(problem -> problem.contains("keyvault-backup.azure.client-id (or AZURE_CLIENT_ID)"))
                .anyMatch(problem -> problem.contains("keyvault-backup.azure.client-secret (or AZURE_CLIENT_SECRET)"));
    }

    @Test
    void whatIsNotGivenIsTakenFromTheUsualVariables() {
        Map<String, String> environment = Map.of(
                "AZURE_TENANT_ID", "theirs",
                "AZURE_CLIENT_ID", "client",
                "AZURE_CLIENT_SECRET", "TopSecret",
                "AZURE_AUTHORITY_HOST", "https://login.example.com");
        Map<String, String> properties = Map.of("credential", "client-secret", "tenant-id", "ours");

        assertThat(problems(properties, environment)).isEmpty();
        assertThat(Identity.of(bind(properties), environment::get))
                .hasToString("client-secret of client client in tenant ours at https://login.example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "public, https://login.microsoftonline.com, vault.azure.net",
        "china, https://login.chinacloudapi.cn, vault.azure.cn",
        "us-government, https://login.microsoftonline.us, vault.usgovcloudapi.net"
    })
    void aCloudHasItsAuthorityAndItsNames(String cloud, String authority, String suffix) {
        AzureProperties properties = bind(Map.of("cloud", cloud));

        assertThat(Identity.of(properties, NOTHING::get).authorityHost()).isEqualTo(authority);
        assertThat(properties.cloud().vaultSuffix()).isEqualTo(suffix);
    }

    @Test
    void noSecretIsShown() {
        AzureProperties properties = bind(Map.of(
                "client-secret", "TopSecret1",
                "client-certificate-password", "TopSecret2",
                "proxy.url", "http://me:TopSecret3@proxy:3128",
                "proxy.password", "TopSecret4"));

        assertThat(properties.toString()).doesNotContain("TopSecret");
        assertThat(String.join(" ", AzureProblems.of(properties, NOTHING::get))).doesNotContain("TopSecret");
    }

    @Test
    void aSecretThatNobodyUsesIsAMistake() {
        assertThat(problems(Map.of("client-secret", "TopSecret"), NOTHING))
                .singleElement()
                .asString()
                .contains(
                        "keyvault-backup.azure.client-secret is given",
                        "Set keyvault-backup.azure.credential=client-secret")
                .doesNotContain("TopSecret");
    }

    @ParameterizedTest
    @CsvSource({"socks5://proxy:1080", "https://proxy:3128", "http://proxy:3128/path", "'http://pro xy'"})
    void whatIsNoHttpProxyIsRefused(String url) {
        assertThat(problems(Map.of("proxy.url", url), NOTHING))
                .singleElement()
                .asString()
                .contains("keyvault-backup.azure.proxy.url is " + url, "http://proxy.example.com:3128");
    }

    @Test
    void theUsualVariablesNameAProxyToo() {
        ProxyRoute route = Objects.requireNonNull(proxy(
                NOTHING,
                Map.of(
                        "HTTPS_PROXY",
                        "http://me:p%40ss@proxy.example.com:3128",
                        "NO_PROXY",
                        "vault.azure.cn, .example.com")));

        assertThat(route.user()).isEqualTo("me");
        assertThat(route.password()).isEqualTo("p@ss");
        assertThat(route.covers("team-a.vault.azure.net")).isTrue();
        assertThat(route.covers("team-a.vault.azure.cn")).isFalse();
        assertThat(route.covers("storage.example.com")).isFalse();
        assertThat(route.covers("169.254.169.254")).isFalse();
        assertThat(route.covers("localhost")).isFalse();
    }

    @Test
    void theConfiguredProxyStandsInPlaceOfTheVariables() {
        assertThat(proxy(Map.of("proxy.url", "http://ours"), Map.of("HTTPS_PROXY", "http://theirs:1")))
                .hasToString("http://ours:80");
    }
}
