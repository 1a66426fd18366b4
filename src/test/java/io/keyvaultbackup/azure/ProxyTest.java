package io.keyvaultbackup.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.EntraAuthority;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.ConnectProxy;
import io.keyvaultbackup.testservices.LocalhostCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A run whose vault, store and authority have names that only the proxy knows. */
class ProxyTest {

    private static final String CLIENT = "11111111-2222-3333-4444-555555555555";
    private static final String SECRET = "TopSecretValue~8Q";
    private static final String VAULT_HOST = "team-a.example.test";
    private static final String AUTHORITY_HOST = "login.example.test";
    private static final String STORE_HOST = Azurite.ACCOUNT + ".example.test";
    private static final String USER = "backup";
    private static final String PASSWORD = "TopSecret:Proxy%7";
    private static final Map<String, Long> ALL = Map.of("BACKED_UP", 5L);

    @TempDir
    private static Path shared;

    private static KeyVaultEmulator emulator;
    private static EntraAuthority authority;
    private static Azurite azurite;
    private static Path trusted;

    @TempDir
    private Path directory;

    private String vault = "";
    private String vaultAddress = "";
    private String storeAddress = "";
    private String authorityAddress = "";

    @BeforeAll
    static void start() throws IOException {
        emulator = KeyVaultEmulator.start();
        authority = emulator.authority();
        authority.application(CLIENT).secret(SECRET);
        LocalhostCertificate storage = LocalhostCertificate.createIn(shared, STORE_HOST);
        azurite = Azurite.startHttps(storage.certificate(), storage.key());
        trusted = Files.writeString(
                shared.resolve("trusted.pem"), emulator.caCertificatePem() + Files.readString(storage.certificate()));
    }

    @AfterAll
    static void stop() {
        azurite.close();
        emulator.close();
    }

    @BeforeEach
    void seed() {
        EmulatedVault emulated = emulator.vault("team-a");
        emulated.secrets("app-", 5);
        vaultAddress = VAULT_HOST + ":" + emulated.uri().getPort();
        vault = "https://" + vaultAddress;
        storeAddress = STORE_HOST + ":" + azurite.accountUrl().getPort();
        authorityAddress = AUTHORITY_HOST + ":" + authority.uri().getPort();
    }

    private Bench bench(ConnectProxy proxy) {
        return new Bench(directory, emulator)
                .with(FastTime.class)
                .set("spring.ssl.bundle.pem.emulator.truststore.certificate", "file:" + trusted)
                .without("keyvault-backup.store.directory")
                .set(
                        "keyvault-backup.store.container-url",
                        "https://" + storeAddress + "/" + azurite.newContainer().name())
                .set("keyvault-backup.azure.credential", "client-secret")
                .set("keyvault-backup.azure.authority-host", "https://" + authorityAddress)
                .set("keyvault-backup.azure.instance-discovery", "false")
                .set("keyvault-backup.azure.tenant-id", authority.tenant())
                .set("keyvault-backup.azure.client-id", CLIENT)
                .set("keyvault-backup.azure.client-secret", SECRET)
                .set("keyvault-backup.azure.proxy.url", proxy.uri().toString());
    }

    /** For this process alone: with more than one, H2 would ask for this machine's own name. */
    private String database() {
        return "jdbc:h2:file:" + directory.resolve("backup") + ";MODE=PostgreSQL";
    }

    @Test
    void theWholeRunGoesThroughIt() {
        try (ConnectProxy proxy = ConnectProxy.start()) {
            // when
            Bench.Result result = bench(proxy).run("backup", "--json", "--vault", vault);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            assertThat(result.outcomes()).isEqualTo(ALL);
            assertThat(new TreeSet<>(proxy.connected()))
                    .containsExactlyInAnyOrder(vaultAddress, storeAddress, authorityAddress);
        }
    }

    /** In a process of its own: a JVM decides once whether it tells proxies a password. */
    @Test
    void itIsToldUserAndPasswordAndWhatNeedsNoProxyGoesWithout() throws IOException {
        try (ConnectProxy proxy = ConnectProxy.startFor(USER, PASSWORD)) {
            // given a store that is reached directly
            Bench bench = bench(proxy)
                    .set("keyvault-backup.azure.proxy.user", USER)
                    .set("keyvault-backup.azure.proxy.password", PASSWORD)
                    .set("keyvault-backup.azure.proxy.non-proxy-hosts", STORE_HOST)
                    .set("spring.datasource.url", database());

            // when
            Bench.Result result = new OwnProcess(directory, emulator, bench)
                    .withHosts(STORE_HOST)
                    .run("backup", "--json", "--vault", vault);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
            assertThat(result.outcomes()).isEqualTo(ALL);
            assertThat(new TreeSet<>(proxy.connected())).containsExactlyInAnyOrder(vaultAddress, authorityAddress);
            assertThat(proxy.refused()).doesNotContain(storeAddress);
            assertThat(result.out() + result.err()).doesNotContain("TopSecret");
        }
    }

    @Test
    void aWrongClientSecretIsToldAtOnceAlsoBehindAProxyWithAUser() {
        try (ConnectProxy proxy = ConnectProxy.startFor(USER, PASSWORD)) {
            // given
            Bench bench = bench(proxy)
                    .set("keyvault-backup.azure.client-secret", SECRET + "-that-is-wrong")
                    .set("keyvault-backup.azure.proxy.user", USER)
                    .set("keyvault-backup.azure.proxy.password", PASSWORD)
                    .set("keyvault-backup.azure.proxy.non-proxy-hosts", STORE_HOST)
                    .set("spring.datasource.url", database());

            // when
            Bench.Result result = new OwnProcess(directory, emulator, bench)
                    .withHosts(STORE_HOST)
                    .run("backup", "--json", "--vault", vault);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
            assertThat(result.lines("error"))
                    .singleElement()
                    .extracting(error -> error.path("message").asString())
                    .asString()
                    .contains(authorityAddress + " answered 401", "which credential is in use");
            assertThat(proxy.connected()).containsOnly(authorityAddress);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void aWrongPasswordIsToldWithoutIt() {
        try (ConnectProxy proxy = ConnectProxy.startFor(USER, PASSWORD)) {
            // given
            Bench bench = bench(proxy)
                    .without("keyvault-backup.store.container-url")
                    .set(
                            "keyvault-backup.store.directory",
                            directory.resolve("store").toString())
                    .set("keyvault-backup.azure.proxy.user", USER)
                    .set("keyvault-backup.azure.proxy.password", "TopSecretWrong");

            // when
            Bench.Result result = new OwnProcess(directory, emulator, bench).run("backup", "--json", "--vault", vault);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
            assertThat(new TreeSet<>(result.failures().values())).containsExactly("PROXY");
            JsonNode error = result.lines("error").getFirst();
            assertThat(error.path("message").asString())
                    .isEqualTo("the proxy " + proxy.uri() + " (keyvault-backup.azure.proxy.url) does not connect to "
                            + vaultAddress + ": 407, it does not take this user and password");
            assertThat(error.path("advice").asString())
                    .contains("keyvault-backup.azure.proxy.url, .user and .password");
            assertThat(result.out() + result.err()).doesNotContain("TopSecret", "Exception", "\tat ");
            assertThat(proxy.connected()).isEmpty();
        }
    }

    @Test
    void aCertificateOfAnotherHostIsNotAMatterOfTrust() {
        try (ConnectProxy proxy = ConnectProxy.start()) {
            // given a name that the proxy knows, and the certificate does not
            String address = vaultAddress.replace(VAULT_HOST, "team-a.elsewhere.test");

            // when
            Bench.Result result = bench(proxy)
                    .without("keyvault-backup.store.container-url")
                    .set(
                            "keyvault-backup.store.directory",
                            directory.resolve("store").toString())
                    .run("backup", "--json", "--vault", "https://" + address);

            // then
            assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
            assertThat(new TreeSet<>(result.failures().values())).containsExactly("TLS_OTHER_HOST");
            JsonNode error = result.lines("error").getFirst();
            assertThat(error.path("message").asString())
                    .startsWith("the certificate that " + address + " shows is another host's: ")
                    .contains("team-a.elsewhere.test");
            assertThat(error.path("advice").asString())
                    .contains("name resolution")
                    .doesNotContain("ssl-bundle");
            assertThat(result.out() + result.err()).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void aStoreBehindAProxyThatIsNotThere() {
        ConnectProxy proxy = ConnectProxy.start();
        proxy.close();

        Bench.Result result = bench(proxy)
                .set("keyvault-backup.azure.proxy.non-proxy-hosts", "localhost")
                .set("keyvault-backup.azure.authority-host", authority.uri().toString())
                .run("backup", "--json", "--vault", vault.replace(VAULT_HOST, "localhost"));

        assertThat(result.exitCode()).as(result.out() + result.err()).isOne();
        assertThat(result.out())
                .contains("cannot connect to the proxy " + proxy.uri() + " (keyvault-backup.azure.proxy.url)");
        assertThat(result.out() + result.err()).doesNotContain("Exception", "\tat ", "TopSecret");
    }

    @Test
    void aStoreWhoseCertificateIsNotTrusted() {
        try (ConnectProxy proxy = ConnectProxy.start()) {
            Bench.Result result = bench(proxy)
                    .set(
                            "spring.ssl.bundle.pem.emulator.truststore.certificate",
                            "file:" + emulator.caCertificateFile())
                    .run("backup", "--json", "--vault", vault);

            assertThat(result.exitCode()).as(result.out() + result.err()).isOne();
            assertThat(result.out()).contains("the certificate that " + storeAddress + " shows is not trusted");
            assertThat(result.out() + result.err()).doesNotContain("Exception", "\tat ", "TopSecret");
        }
    }
}
