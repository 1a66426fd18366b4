package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.IdentityEndpoint;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A managed identity's endpoint with a certificate of an authority of its own; a process of its own, since the SDK reads the environment. */
class ManagedIdentityOverHttpsTest extends EmulatedVaultTest {

    private static final int SECRETS = 5;

    private IdentityEndpoint endpoint;

    @BeforeEach
    void prepare() {
        endpoint = emulator.identityEndpoint();
        vault.secrets("app-", SECRETS);
        bench.set("keyvault-backup.azure.credential", "managed-identity");
    }

    private Bench.Result backUp(Map<String, String> variables) {
        return program(variables).run("backup", "--json", "--vault", vault.uri().toString());
    }

    private OwnProcess program(Map<String, String> variables) {
        return new OwnProcess(directory, emulator, bench).environment(variables);
    }

    private void assertAllBackedUp(Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", (long) SECRETS));
        assertThat(bench.blobs().keySet())
                .filteredOn(name -> name.contains("/secret/"))
                .hasSize(SECRETS);
    }

    @Test
    void theTokenIsAskedForOverTlsThatTheExtraCertificatesMakeTrusted() {
        // when
        Bench.Result result = backUp(endpoint.appService());

        // then
        assertAllBackedUp(result);
        assertThat(endpoint.issued()).isPositive();
        assertThat(endpoint.refused()).isZero();
    }

    @Test
    void serviceFabricsIsTrustedAsJavaItselfTrusts() {
        // when
        Bench.Result result = program(endpoint.serviceFabric())
                .options(emulator.trustOptions())
                .run("backup", "--json", "--vault", vault.uri().toString());

        // then
        assertAllBackedUp(result);
        assertThat(endpoint.issued()).isPositive();
    }

    @Test
    void serviceFabricsThatJavaDoesNotTrustIsToldWithTheOptionThatMendsIt() {
        // when
        Bench.Result result = backUp(endpoint.serviceFabric());

        // then
        assertThat(errorOf(result, 13, "NOT_AUTHENTICATED").path("message").asString())
                .contains(
                        "the certificate of the managed identity's endpoint (IDENTITY_ENDPOINT) is not trusted: ",
                        "start java with -Djavax.net.ssl.trustStore=");
    }

    @Test
    void anEndpointWhoseCertificateIsNotTrustedIsNamedWithThePropertyThatMendsIt() {
        // given the endpoint of another emulator, whose authority nobody was told of
        try (KeyVaultEmulator other = KeyVaultEmulator.start()) {
            IdentityEndpoint untrusted = other.identityEndpoint();

            // when
            Bench.Result result = backUp(untrusted.appService());

            // then
            JsonNode error = errorOf(result, 3, "TLS_NOT_TRUSTED");
            assertThat(error.path("message").asString())
                    .startsWith("the certificate that " + untrusted.uri().getAuthority() + " shows is not trusted: ");
            assertThat(error.path("advice").asString())
                    .contains("keyvault-backup.azure.ssl-bundle", "spring.ssl.bundle.pem.extra.truststore.certificate");
            assertThat(untrusted.issued() + untrusted.refused()).isZero();
            assertThat(vault.requests().total()).isZero();
        }
    }

    @Test
    void aWrongHeaderIsRefusedInTheEndpointsWords() {
        // when
        Bench.Result result =
                backUp(Map.of("IDENTITY_ENDPOINT", endpoint.uri().toString(), "IDENTITY_HEADER", "TopSecretOfAnother"));

        // then
        assertThat(errorOf(result, 13, "NOT_AUTHENTICATED").path("message").asString())
                .contains("The identity header is missing or wrong");
        assertThat(endpoint.issued()).isZero();
    }

    private static JsonNode errorOf(Bench.Result result, int exitCode, String reason) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(new TreeSet<>(result.failures().values())).containsExactly(reason);
        assertThat(result.out() + result.err()).doesNotContain("Exception", "\tat ", "TopSecret");
        return result.lines("error").getFirst();
    }
}
