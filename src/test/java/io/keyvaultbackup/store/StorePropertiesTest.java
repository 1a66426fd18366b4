package io.keyvaultbackup.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class StorePropertiesTest {

    private static final String URL = "https://myaccount.blob.core.windows.net/backups";
    private static final String SAS = "sv=2025-01-05&sr=c&sp=rcl&sig=TopSecretSignature";
    private static final String CONNECTION =
            "DefaultEndpointsProtocol=https;AccountName=myaccount;AccountKey=TopSecretKey;EndpointSuffix=core.windows.net";

    @Test
    void takesADirectory() {
        assertThat(bind(Map.of("directory", "/var/backups/key-vault")).problems())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://myaccount.blob.core.windows.net/key-vault-backups",
                "https://myaccount.blob.core.windows.net/key-vault-backups/",
                "https://localhost:10000/devstoreaccount1/backups",
                "https://devstoreaccount1.storage.example.com:10000/backups",
                "https://127.0.0.1:10000/devstoreaccount1/backups"
            })
    void takesAContainerUrlForAnIdentity(String url) {
        assertThat(bind(Map.of("container-url", url)).problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://myaccount.blob.core.windows.net/key-vault-backups",
                "http://127.0.0.1:10000/devstoreaccount1/backups",
                "http://localhost:10000/devstoreaccount1/backups",
                "http://[::1]:10000/devstoreaccount1/backups"
            })
    void takesAContainerUrlWithASasToken(String url) {
        assertThat(bind(Map.of("container-url", url, "sas-token", "?" + SAS, "lease-sas-token", SAS))
                        .problems())
                .isEmpty();
    }

    @Test
    void takesAConnectionStringWithAContainer() {
        assertThat(bind(Map.of("connection-string", CONNECTION, "container", "key-vault-backups"))
                        .problems())
                .isEmpty();
    }

    @Test
    void asksForAStore() {
        assertThat(bind(Map.of("directory", "", "container-url", "", "connection-string", " "))
                        .problems())
                .singleElement()
                .asString()
                .contains("keyvault-backup.store.directory (as /var/backups/key-vault)")
                .contains("keyvault-backup.store.container-url (as https://");
    }

    @Test
    void asksToChooseOne() {
        StoreProperties both =
                bind(Map.of("directory", "/backups", "container-url", "https://a.blob.core.windows.net/bbb"));

        assertThat(both.problems())
                .singleElement()
                .asString()
                .contains("keyvault-backup.store.directory (/backups)")
                .contains("keyvault-backup.store.container-url (https://a.blob.core.windows.net/bbb)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://myaccount.blob.core.windows.net/backups | plain http is for this machine",
                "http://localhost:10000/devstoreaccount1/backups | identity's token without encryption",
                "http://localhost.example.com/backups | plain http is for this machine",
                "https://myaccount.blob.core.windows.net/ | does not end in the name of one container",
                "https://myaccount.blob.core.windows.net/backups/below | does not end in the name of one container",
                "https://myaccount.blob.core.windows.net/Backups | does not end in the name of one container",
                "https://127.0.0.1:10000/backups | does not end in the name of one container",
                "https://myaccount.blob.core.windows.net/backups?sig=TopSecretSignature | belongs into keyvault-backup.store.sas-token",
                "https://me:TopSecretKey@myaccount.blob.core.windows.net/backups | has a user in it",
                "myaccount/backups | is not the URL of a container",
                "ftp://myaccount/backups | is not the URL of a container",
                "mailto:TopSecret@example.com | is not the URL of a container"
            })
    void refusesWhatIsNoContainerUrl(String url, String reason) {
        assertThat(bind(Map.of("container-url", url)).problems())
                .singleElement()
                .asString()
                .startsWith("keyvault-backup.store.container-url is ")
                .contains(reason)
                .endsWith("A valid one is https://myaccount.blob.core.windows.net/key-vault-backups.")
                .doesNotContain("TopSecretSignature", "TopSecretKey");
    }

    @Test
    void asksForWhatIsMissingBesideASecret() {
        assertThat(bind(Map.of("connection-string", CONNECTION)).problems())
                .singleElement()
                .asString()
                .contains("without keyvault-backup.store.container,");
        assertThat(bind(Map.of("directory", "/b", "container", "backups")).problems())
                .singleElement()
                .asString()
                .contains("without keyvault-backup.store.connection-string");
        assertThat(bind(Map.of("directory", "/b", "sas-token", SAS)).problems())
                .singleElement()
                .asString()
                .contains("without keyvault-backup.store.container-url");
    }

    @Test
    void refusesWhatCanNotBeRight() {
        assertThat(bind(Map.of("connection-string", CONNECTION, "container", "Back--ups"))
                        .problems())
                .singleElement()
                .asString()
                .contains("keyvault-backup.store.container is Back--ups");
        assertThat(bind(Map.of("connection-string", "TopSecretKey", "container", "backups"))
                        .problems())
                .singleElement()
                .asString()
                .contains("names neither an account nor an endpoint")
                .doesNotContain("TopSecretKey");
        assertThat(bind(Map.of(
                                "container-url",
                                "https://a.blob.core.windows.net/bbb",
                                "sas-token",
                                "TopSecretSignature"))
                        .problems())
                .singleElement()
                .asString()
                .contains("has no signature")
                .doesNotContain("TopSecretSignature");
    }

    @ParameterizedTest
    @CsvSource({"directory, /b, 1s", "directory, /b, 10m", "container-url, https://a.blob.core.windows.net/bbb, 15s"})
    void takesALeaseThatTheStoreCanKeep(String store, String place, String lease) {
        assertThat(bind(Map.of(store, place, "lease", lease)).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "directory, /b, 500ms, 500ms",
        "directory, /b, 0s, 0s",
        "container-url, https://a.blob.core.windows.net/bbb, 14s, 14s",
        "container-url, https://a.blob.core.windows.net/bbb, 2m, 120s",
        "container-url, https://a.blob.core.windows.net/bbb, 60001ms, 60001ms"
    })
    void refusesALeaseThatTheStoreCanNotKeep(String store, String place, String lease, String shown) {
        assertThat(bind(Map.of(store, place, "lease", lease)).problems())
                .singleElement()
                .asString()
                .startsWith("keyvault-backup.store.lease is " + shown)
                .endsWith("A valid one is 60s.");
    }

    @Test
    void namesTheContainerOfTheLeasesAfterTheOneOfTheBackups() {
        assertThat(bind(Map.of("container-url", URL + "/")).leaseContainerName())
                .isEqualTo("backups-leases");
        assertThat(bind(Map.of("connection-string", CONNECTION, "container", "backups"))
                        .leaseContainerName())
                .isEqualTo("backups-leases");
        assertThat(bind(Map.of("container-url", URL, "lease-container", "leases"))
                        .leaseContainerName())
                .isEqualTo("leases");
        assertThat(bind(Map.of("directory", "/b")).leaseContainerName()).isNull();
    }

    @Test
    void refusesAContainerThatCanNotHoldLeases() {
        assertThat(bind(Map.of("container-url", URL, "lease-container", "Leases"))
                        .problems())
                .singleElement()
                .asString()
                .contains("lease-container is Leases, which is no container's name");
        assertThat(bind(Map.of("container-url", URL, "lease-container", "backups"))
                        .problems())
                .singleElement()
                .asString()
                .contains("lease-container is backups, where the backups are");
        assertThat(bind(Map.of("directory", "/b", "lease-container", "leases")).problems())
                .singleElement()
                .asString()
                .contains("backups are kept in no container");
        assertThat(bind(Map.of("connection-string", CONNECTION, "container", "b".repeat(57)))
                        .problems())
                .singleElement()
                .asString()
                .contains("lease-container is not given, and bbb");
    }

    @Test
    void asksForATokenForTheLeasesWhereTheOneForTheBackupsIsForThemOnly() {
        String ofAccount = "sv=2025-01-05&ss=b&srt=co&sp=rcwl&sig=TopSecretSignature";

        assertThat(bind(Map.of("container-url", URL, "sas-token", ofAccount)).problems())
                .isEmpty();
        assertThat(bind(Map.of("container-url", URL, "sas-token", SAS)).problems())
                .singleElement()
                .asString()
                .contains("give keyvault-backup.store.lease-sas-token for container backups-leases")
                .doesNotContain("TopSecret");
        assertThat(bind(Map.of("container-url", URL, "sas-token", SAS, "lease-sas-token", "TopSecretSignature"))
                        .problems())
                .singleElement()
                .asString()
                .contains("lease-sas-token (its value is secret) has no signature")
                .doesNotContain("TopSecret");
        assertThat(bind(Map.of("container-url", URL, "lease-sas-token", SAS)).problems())
                .singleElement()
                .asString()
                .contains("lease-sas-token is given (its value is secret) without");
    }

    @Test
    void tellsNoSecretInItsText() {
        StoreProperties all = new StoreProperties(
                Path.of("/backups"),
                URI.create("https://a/b?sig=TopSecretUrl"),
                SAS,
                CONNECTION,
                "backups",
                Duration.ofSeconds(60),
                "backups-leases",
                SAS);

        assertThat(all.toString())
                .contains("/backups", "https://a/b", "container=backups")
                .doesNotContain("TopSecret");
        assertThat(all.problems()).noneMatch(problem -> problem.contains("TopSecret"));
    }

    private static StoreProperties bind(Map<String, String> values) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        values.forEach((name, value) -> source.put("keyvault-backup.store." + name, value));
        return new Binder(source).bindOrCreate("keyvault-backup.store", StoreProperties.class);
    }
}
