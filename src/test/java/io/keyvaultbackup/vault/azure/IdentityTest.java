package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.EntraAuthority;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.TokenEndpoint;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Who asks: each way to prove it, against an authority over HTTPS, and what happens when the proof is bad or goes bad. */
class IdentityTest {

    private static final String CLIENT = "11111111-2222-3333-4444-555555555555";
    private static final String CERTIFIED = "33333333-2222-3333-4444-555555555555";
    private static final String SECRET = "TopSecretValue~8Q";
    private static final int SECRETS = 30;

    private static KeyVaultEmulator emulator;
    private static EntraAuthority authority;

    @TempDir
    private Path directory;

    private EmulatedVault vault;

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
        authority = emulator.authority();
        authority
                .application(CLIENT)
                .secret(SECRET)
                .expiredSecret("TopSecretOld~8Q")
                .federated(EntraAuthority.FEDERATION);
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @BeforeEach
    void seed() {
        vault = emulator.vault("identified");
        vault.secrets("app-", SECRETS);
    }

    @AfterEach
    void longTokens() {
        emulator.tokens().reset();
    }

    private Bench bench(String credential) {
        return new Bench(directory, emulator)
                .set("keyvault-backup.azure.credential", credential)
                .set("keyvault-backup.azure.authority-host", authority.uri().toString())
                .set("keyvault-backup.azure.instance-discovery", "false")
                .set("keyvault-backup.azure.tenant-id", authority.tenant())
                .set("keyvault-backup.azure.client-id", CLIENT);
    }

    private Bench withSecret() {
        return bench("client-secret").set("keyvault-backup.azure.client-secret", SECRET);
    }

    private void assertAllBackedUp(Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", (long) SECRETS));
    }

    @Test
    void aClientSecret() {
        long before = authority.issued();

        Bench.Result result = withSecret().backUp(vault);

        assertAllBackedUp(result);
        assertThat(authority.issued()).isGreaterThan(before);
        assertThat(result.out() + result.err()).doesNotContain(SECRET);
    }

    @Test
    void aWorkloadIdentitysTokenFile() throws IOException {
        // given the file that the cluster puts into the pod
        Path file = Files.writeString(
                directory.resolve("token"),
                authority.federatedToken(EntraAuthority.FEDERATION, Duration.ofHours(1)) + "\n");

        // when
        Bench.Result result = bench("workload-identity")
                .set("keyvault-backup.azure.federated-token-file", file.toString())
                .backUp(vault);

        // then
        assertAllBackedUp(result);
    }

    @Test
    void aManagedIdentity() {
        assertAllBackedUp(new Bench(directory, emulator)
                .set("keyvault-backup.azure.credential", "managed-identity")
                .backUp(vault));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client-secret | TopSecretOld~8Q | AADSTS7000222 | are expired | keyvault-backup.azure.client-secret",
                "client-secret | TopSecretBad~8Q | AADSTS7000215 | Invalid client secret provided | not its id",
                "client-id | 22222222-2222-3333-4444-555555555555 | AADSTS700016 | was not found in the directory | keyvault-backup.azure.client-id"
            })
    void aBadProofIsToldInEntrasOwnWordsWithWhatToDo(
            String property, String value, String code, String words, String advice) {
        // when
        Bench.Result result =
                withSecret().set("keyvault-backup.azure." + property, value).backUp(vault);

        // then
        JsonNode error = onlyErrorOf(result, 13, "NOT_AUTHENTICATED");
        assertThat(error.path("code").asString()).isEqualTo(code);
        assertThat(error.path("message").asString()).contains(words, advice).doesNotContain("Trace ID", "TopSecret");
        assertThat(error.path("vault").asString()).isEqualTo(vault.uri().toString());
        assertThat(vault.requests().total()).isZero();
    }

    @Test
    void anIdentityOfAnotherTenantIsToldTheVaults() {
        // when
        Bench.Result result = withSecret()
                .set("keyvault-backup.azure.tenant-id", "99999999-2222-3333-4444-555555555555")
                .backUp(vault);

        // then
        assertThat(onlyErrorOf(result, 13, "NOT_AUTHENTICATED").path("message").asString())
                .isEqualTo("the vault belongs to tenant " + authority.tenant()
                        + ", and the identity to another. Set keyvault-backup.azure.tenant-id (or AZURE_TENANT_ID) to the"
                        + " vault's");
    }

    @Test
    void aTokenThatExpiresInMidRunIsReplaced() {
        // given tokens of two seconds, and a run that takes longer because each answer takes its time
        EmulatedVault slow = emulator.vault(VaultSettings.of("slow").withLatency(Duration.ofMillis(150)));
        slow.secrets("app-", SECRETS);
        emulator.tokens().lifetime(Duration.ofSeconds(2));
        long before = authority.issued();

        // when
        Bench.Result result = withSecret().set("keyvault-backup.threads", "1").backUp(slow);

        // then
        assertAllBackedUp(result);
        assertThat(authority.issued() - before).isGreaterThan(2);
    }

    @ParameterizedTest
    @EnumSource
    void aTokenWhoseAnswerDoesNotGoOnIsAskedForAgain(TokenEndpoint.Fault fault) {
        // given access that is evaluated anew while the tenth backup is asked for, and an endpoint that then begins its
        // answer and stops
        vault.faults().on(Operation.BACKUP).skip(9).times(1).after(() -> {
            emulator.tokens().nextAnswer(fault);
            vault.revokeTokens();
        });

        // when
        Bench.Result result = new Bench(directory, emulator)
                .with(FastTime.class)
                .set("keyvault-backup.azure.credential", "managed-identity")
                .set("keyvault-backup.azure.response-timeout", "1s")
                .set("keyvault-backup.threads", "1")
                .backUp(vault);

        // then
        assertAllBackedUp(result);
    }

    @ParameterizedTest
    @CsvSource({"client-secret", "managed-identity"})
    void aClaimsChallengeInMidRunIsAnswered(String credential) {
        // given access that is evaluated anew while the tenth backup is asked for
        vault.faults().on(Operation.BACKUP).skip(9).times(1).after(vault::revokeTokens);

        // when
        Bench.Result result = (credential.equals("client-secret")
                        ? withSecret()
                        : new Bench(directory, emulator).set("keyvault-backup.azure.credential", credential))
                .set("keyvault-backup.threads", "1")
                .backUp(vault);

        // then
        assertAllBackedUp(result);
        assertThat(vault.requests().count(Operation.CHALLENGE)).isPositive();
    }

    @Test
    void aPermissionRevokedInMidRunFailsTheRestWithItsReason() {
        // given
        vault.faults().on(Operation.BACKUP).skip(9).forbid("ForbiddenByRbac");

        // when
        Bench.Result result = withSecret().set("keyvault-backup.threads", "1").backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(3);
        assertThat(result.summary().path("status").asString()).isEqualTo("INCOMPLETE");
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 9L, "FAILED", SECRETS - 9L));
        assertThat(new TreeSet<>(result.failures().values())).containsExactly("ROLE_MISSING");
    }

    @ParameterizedTest
    @CsvSource({"pem", "pkcs12"})
    void aClientCertificate(String form) {
        // given
        ApplicationCertificate certificate = ApplicationCertificate.createIn(directory, SECRET);
        authority.application(CERTIFIED).certificate(certificate.certificate());
        Bench bench = bench("client-certificate").set("keyvault-backup.azure.client-id", CERTIFIED);
        if (form.equals("pem")) {
            bench.set(
                    "keyvault-backup.azure.client-certificate",
                    certificate.pem().toString());
        } else {
            bench.set(
                            "keyvault-backup.azure.client-certificate",
                            certificate.pkcs12().toString())
                    .set("keyvault-backup.azure.client-certificate-password", SECRET);
        }
        long before = authority.issued();

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertAllBackedUp(result);
        assertThat(authority.issued()).isGreaterThan(before);
        assertThat(result.out() + result.err()).doesNotContain(SECRET);
    }

    @Test
    void aTenantThatIsNoMoreIsToldInEntrasOwnWordsWithWhatToDo() {
        // given an authority that has forgotten the vault's tenant
        EntraAuthority other = emulator.authority();
        other.forgetTenant();

        // when
        Bench.Result result = withSecret()
                .set("keyvault-backup.azure.authority-host", other.uri().toString())
                .backUp(vault);

        // then
        JsonNode error = onlyErrorOf(result, 13, "NOT_AUTHENTICATED");
        assertThat(error.path("code").asString()).isEqualTo("AADSTS90002");
        assertThat(error.path("message").asString())
                .startsWith("Tenant '" + authority.tenant() + "' not found.")
                .endsWith(
                        "Look at keyvault-backup.azure.tenant-id (or AZURE_TENANT_ID) and keyvault-backup.azure.cloud.");
    }

    @Test
    void anAuthorityThatNobodyAnswersForIsNamed() {
        // given
        KeyVaultEmulator gone = KeyVaultEmulator.start();
        URI nobody = gone.authority().uri();
        gone.close();

        // when
        Bench.Result result = withSecret()
                .with(FastTime.class)
                .set("keyvault-backup.azure.authority-host", nobody.toString())
                .backUp(vault);

        // then
        assertThat(onlyErrorOf(result, 3, "NETWORK").path("message").asString())
                .startsWith("cannot connect to " + nobody.getAuthority() + ": ");
    }

    /** It is no failure of the store's that there is no token for it. */
    @Test
    void anAuthorityThatNobodyAnswersForIsNamedWhereAStoreIsAskedFirst() {
        // given
        KeyVaultEmulator gone = KeyVaultEmulator.start();
        URI nobody = gone.authority().uri();
        gone.close();

        // when
        Bench.Result result = withSecret()
                .with(FastTime.class)
                .without("keyvault-backup.store.directory")
                .set("keyvault-backup.store.container-url", "https://localhost:1/account/backups")
                .set("keyvault-backup.azure.authority-host", nobody.toString())
                .backUp(vault);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(1);
        assertThat(result.out())
                .contains("cannot connect to " + nobody.getAuthority() + ": ", FailureReason.NETWORK.advice())
                .doesNotContain("localhost:1");
    }

    @Test
    void aTokenFileThatVanishesInMidRunIsNamed() throws IOException {
        // given a pod whose token is taken away, and access that is evaluated anew
        Path file = Files.writeString(
                directory.resolve("token"), authority.federatedToken(EntraAuthority.FEDERATION, Duration.ofHours(1)));
        vault.faults().on(Operation.BACKUP).skip(9).times(1).after(() -> {
            assertThat(file.toFile().delete()).isTrue();
            vault.revokeTokens();
        });

        // when
        Bench.Result result = bench("workload-identity")
                .set("keyvault-backup.azure.federated-token-file", file.toString())
                .set("keyvault-backup.threads", "1")
                .backUp(vault);

        // then
        JsonNode error = onlyErrorOf(result, 3, "NOT_AUTHENTICATED");
        assertThat(error.path("message").asString())
                .isEqualTo("the identity's token cannot be read from " + file
                        + " (keyvault-backup.azure.federated-token-file or AZURE_FEDERATED_TOKEN_FILE). It was there"
                        + " when the run began: see whether the volume with it is still mounted");
        assertThat(result.outcomes()).containsEntry("BACKED_UP", 10L);
    }

    @Test
    void aVaultOutsideOfItsChallengesDomainIsSentNoToken() {
        // given
        Bench bench = withSecret().without("keyvault-backup.azure.verify-challenge-resource");

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        assertThat(onlyErrorOf(result, 13, "NOT_AUTHENTICATED").path("message").asString())
                .isEqualTo(
                        "the challenge of " + vault.uri().getAuthority() + " is for another domain than its own, so it"
                                + " was sent no token. If this is a private endpoint of yours, set"
                                + " keyvault-backup.azure.verify-challenge-resource=false");
        assertThat(vault.requests().total()).isZero();
    }

    /** All three listings fail alike. */
    private static JsonNode onlyErrorOf(Bench.Result result, int exitCode, String reason) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        assertThat(new TreeSet<>(result.failures().values())).containsExactly(reason);
        assertThat(result.out() + result.err()).doesNotContain("Exception", "\tat ", SECRET);
        return result.lines("error").getFirst();
    }
}
