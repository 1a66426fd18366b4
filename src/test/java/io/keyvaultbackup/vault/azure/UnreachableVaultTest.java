package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What stands between this program and a vault: each run ends with a sentence that says what, where, and what to do. */
class UnreachableVaultTest {

    private static final int INCOMPLETE = 3;

    private static KeyVaultEmulator emulator;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    private Bench bench() {
        return new Bench(directory, emulator)
                .with(FastTime.class)
                .set("keyvault-backup.azure.credential", "managed-identity");
    }

    private static JsonNode errorOf(Bench.Result result, String reason) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(INCOMPLETE);
        assertThat(new TreeSet<>(result.failures().values())).containsExactly(reason);
        assertThat(result.out() + result.err()).doesNotContain("Exception", "\tat ");
        return result.lines("error").getFirst();
    }

    @Test
    void aNameThatNobodyKnows() {
        Bench.Result result = bench().run("backup", "--json", "--vault", "no-such-vault.invalid");

        JsonNode error = errorOf(result, "NETWORK");
        assertThat(error.path("vault").asString()).isEqualTo("https://no-such-vault.invalid");
        assertThat(error.path("message").asString()).isEqualTo("the name of no-such-vault.invalid cannot be resolved");
        assertThat(error.path("advice").asString()).contains("name resolution");
    }

    @Test
    void aCertificateOfAnAuthorityThatIsNotTrusted() {
        EmulatedVault vault = emulator.vault("untrusted");

        Bench.Result result =
                bench().without("keyvault-backup.azure.ssl-bundle").backUp(vault);

        JsonNode error = errorOf(result, "TLS_NOT_TRUSTED");
        assertThat(error.path("message").asString())
                .startsWith("the certificate that " + vault.uri().getAuthority() + " shows is not trusted: ");
        assertThat(error.path("advice").asString())
                .contains("keyvault-backup.azure.ssl-bundle", "spring.ssl.bundle.pem.extra.truststore.certificate");
    }

    @Test
    void aProxyThatWantsAPassword() throws IOException {
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> refuse(proxy));

            Bench.Result result = bench().set(
                            "keyvault-backup.azure.proxy.url", "http://127.0.0.1:" + proxy.getLocalPort())
                    .run("backup", "--json", "--vault", "team-a");

            JsonNode error = errorOf(result, "PROXY");
            assertThat(error.path("vault").asString()).isEqualTo("https://team-a.vault.azure.net");
            assertThat(error.path("message").asString())
                    .isEqualTo("the proxy http://127.0.0.1:" + proxy.getLocalPort()
                            + " (keyvault-backup.azure.proxy.url) does not connect to team-a.vault.azure.net: 407, it"
                            + " wants a user and a password");
            assertThat(error.path("advice").asString()).contains("keyvault-backup.azure.proxy.url");
        }
    }

    @Test
    void aProxyThatIsNotThere() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }

        Bench.Result result = bench().set("keyvault-backup.azure.proxy.url", "http://127.0.0.1:" + port)
                .run("backup", "--json", "--vault", "team-a");

        assertThat(errorOf(result, "PROXY").path("message").asString())
                .startsWith("cannot connect to the proxy http://127.0.0.1:" + port);
    }

    @Test
    void aClockThatIsSoWrongThatTokensAreRefused() {
        // given a service whose clock is ten minutes ahead of ours, and which therefore takes our tokens for old
        EmulatedVault vault = emulator.vault(
                VaultSettings.of("skewed").withClock(() -> Instant.now().plusSeconds(600)));
        vault.faults().on(Operation.LIST).always().answer(401, "Unauthorized", null, "AKV10022: Token has expired.");

        Bench.Result result = bench().backUp(vault);

        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(13);
        assertThat(result.lines("error").getFirst().path("message").asString())
                .matches(
                        ".*Token has expired\\. This machine's clock is (59\\d|60\\d) s behind the service's, and tokens are"
                                + " refused for that: set it \\(timedatectl set-ntp true\\)\\.");
    }

    @Test
    void aGatewayThatSendsUsElsewhere() {
        EmulatedVault vault = emulator.vault("moved");
        vault.faults().on(Operation.LIST).redirect("https://sign-in.example.com/start?token=TopSecret");

        Bench.Result result = bench().backUp(vault);

        JsonNode error = errorOf(result, "CORRUPT_ANSWER");
        assertThat(error.path("status").asInt()).isEqualTo(301);
        assertThat(error.path("message").asString())
                .isEqualTo("the answer sends us elsewhere, to https://sign-in.example.com/start, which no vault does");
        assertThat(error.path("advice").asString()).contains("the vault's address", "sign-in page");
    }

    @Test
    void aPageOfHtmlInPlaceOfAList() {
        EmulatedVault vault = emulator.vault("page");
        vault.faults().on(Operation.LIST).garbage();

        Bench.Result result = bench().backUp(vault);

        JsonNode error = errorOf(result, "CORRUPT_ANSWER");
        assertThat(error.path("message").asString()).contains("not what the service's API describes");
        assertThat(error.path("advice").asString()).contains("the vault's address", "sign-in page");
    }

    private static void refuse(ServerSocket proxy) {
        byte[] answer = """
                HTTP/1.1 407 Proxy Authentication Required\r
                Proxy-Authenticate: Basic realm="corporate"\r
                Content-Length: 0\r
                Connection: close\r
                \r
                """.getBytes(StandardCharsets.US_ASCII);
        while (!proxy.isClosed()) {
            try (Socket client = proxy.accept();
                    BufferedReader request = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
                for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                    // the whole request is read before it is refused
                }
                client.getOutputStream().write(answer);
            } catch (IOException over) {
                return;
            }
        }
    }
}
