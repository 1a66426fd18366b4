package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Vault;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the service answers, and what becomes of it. */
class AzureFailuresTest {

    private static final ObjectId ONE = new ObjectId(ObjectKind.SECRET, "one");

    private static KeyVaultEmulator emulator;

    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private EmulatedVault emulated;
    private Vault vault;

    /** The calls of the port. */
    enum Call {
        LIST(Operation.LIST),
        VERSIONS(Operation.VERSIONS),
        BACKUP(Operation.BACKUP);

        private final Operation operation;

        Call(Operation operation) {
            this.operation = operation;
        }
    }

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @BeforeEach
    void seed() {
        emulated = emulator.vault("failing");
        vault = Opened.vault(emulator, emulated.uri());
        emulated.secret("one");
    }

    @AfterEach
    void oneRequestAndNoMemoryKept() {
        assertThat(emulated.requests().total()).isEqualTo(1);
        assertThat(memory.reserved()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void aThrottledCallCarriesTheServicesWordsAndItsRetryAfter(Call call) {
        // given
        emulated.faults().on(call.operation).throttle(Duration.ofSeconds(7));

        // when
        Failure failure = failureOf(call);

        // then
        assertFailure(
                failure,
                FailureReason.THROTTLED,
                429,
                "Throttled",
                "Request was not processed because too many requests were received."
                        + " Reason: VaultRequestTypeLimitReached");
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(emulated.requests().throttled()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void aThrottledCallWithoutRetryAfterHasNone(Call call) {
        // given
        emulated.faults().on(call.operation).throttle(null);

        // when, then
        Failure failure = failureOf(call);
        assertThat(failure.reason()).isEqualTo(FailureReason.THROTTLED);
        assertThat(failure.retryAfter()).isNull();
        assertThat(emulated.requests().throttled()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "LIST, 400, BadParameter, REFUSED",
        "LIST, 401, Unauthorized, NOT_AUTHENTICATED",
        "LIST, 404, NotFound, NOT_FOUND",
        "LIST, 408, BadRequest, TIMED_OUT",
        "LIST, 500, InternalServerError, UNAVAILABLE",
        "LIST, 503, ServiceUnavailable, UNAVAILABLE",
        "LIST, 504, GatewayTimeout, TIMED_OUT",
        "VERSIONS, 401, Unauthorized, NOT_AUTHENTICATED",
        "VERSIONS, 404, NotFound, NOT_FOUND",
        "VERSIONS, 500, InternalServerError, UNAVAILABLE",
        "VERSIONS, 504, GatewayTimeout, TIMED_OUT",
        "BACKUP, 400, BadParameter, REFUSED",
        "BACKUP, 401, Unauthorized, NOT_AUTHENTICATED",
        "BACKUP, 404, NotFound, NOT_FOUND",
        "BACKUP, 408, BadRequest, TIMED_OUT",
        "BACKUP, 409, Conflict, REFUSED",
        "BACKUP, 500, InternalServerError, UNAVAILABLE",
        "BACKUP, 503, ServiceUnavailable, UNAVAILABLE",
        "BACKUP, 504, GatewayTimeout, TIMED_OUT"
    })
    void anErrorIsOneRequestAndItsStatusTellsTheReason(Call call, int status, String code, FailureReason reason) {
        // given
        emulated.faults().on(call.operation).answer(status);

        // when
        Failure failure = failureOf(call);

        // then
        assertFailure(failure, reason, status, code, "The request was answered with " + status + " by a fault.");
        assertThat(failure.retryAfter()).isNull();
        assertThat(emulated.requests().count(call.operation, status)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ForbiddenByRbac, ROLE_MISSING, Caller is not authorized to perform action on resource.",
        "AccessDenied, ACCESS_POLICY_MISSING, does not have the permission on key vault 'emulated;location=westeurope'.",
        "ForbiddenByPolicy, ACCESS_POLICY_MISSING, Operation is not allowed: ForbiddenByPolicy",
        "ForbiddenByFirewall, FIREWALL, Client address is not authorized and caller is not a trusted service.",
        "ForbiddenByConnection, FIREWALL, Operation is not allowed: ForbiddenByConnection",
        "SecretDisabled, DISABLED, Operation is not allowed: SecretDisabled",
        "SomethingNew, FORBIDDEN, Operation is not allowed: SomethingNew"
    })
    void theInnermostCodeTellsWhyItIsForbidden(String innerCode, FailureReason reason, String words) {
        // given
        emulated.faults().on(Operation.BACKUP).forbid(innerCode);

        // when
        Failure failure = failureOf(Call.BACKUP);

        // then
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.status()).isEqualTo(403);
        assertThat(failure.code()).isEqualTo(innerCode);
        assertThat(failure.message()).contains(words);
        assertReadable(failure);
        assertThat(emulated.requests().count(Operation.BACKUP, 403)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void forbiddenWithoutAnInnerCodeIsJustForbidden(Call call) {
        // given
        emulated.faults().on(call.operation).answer(403, "Forbidden", null, "Not today.");

        // when, then
        assertFailure(failureOf(call), FailureReason.FORBIDDEN, 403, "Forbidden", "Not today.");
        assertThat(emulated.requests().count(call.operation, 403)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = ObjectKind.class,
            names = {"SECRET", "KEY"})
    void aCertificatesOwnKeyAndSecretAreRefusedAsSuch(ObjectKind kind) {
        // given
        emulated.certificate("web");

        // when
        Failure failure = Opened.failureOf(() -> vault.backup(new ObjectId(kind, "web"), 1, memory));

        // then
        assertThat(failure.reason()).isEqualTo(FailureReason.MANAGED_BY_CERTIFICATE);
        assertThat(failure.status()).isEqualTo(403);
        assertThat(failure.code()).isEqualTo("Forbidden");
        assertThat(failure.message()).contains("since it is associated with a certificate");
        assertReadable(failure);
        assertThat(emulated.requests().count(Operation.BACKUP, 403)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void anObjectThatIsGoneIsNotFound(ObjectKind kind) {
        // when
        Failure failure = Opened.failureOf(() -> vault.backup(new ObjectId(kind, "gone"), 1, memory));

        // then
        assertThat(failure.reason()).isEqualTo(FailureReason.NOT_FOUND);
        assertThat(failure.status()).isEqualTo(404);
        assertThat(failure.message()).contains("(name/id) gone was not found in this key vault");
        assertReadable(failure);
        assertThat(emulated.requests().count(Operation.BACKUP, 404)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"LIST", "VERSIONS", "BACKUP"})
    void aPageOfHtmlIsACorruptAnswer(Call call) {
        // given
        emulated.faults().on(call.operation).garbage();

        // when, then
        assertCorrupt(call, failureOf(call));
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void jsonOfSomethingElseIsACorruptAnswer(Call call) {
        // given
        emulated.faults().on(call.operation).wrongJson();

        // when, then
        assertCorrupt(call, failureOf(call));
    }

    @Test
    void aMessageOfManyLinesIsCutToItsFirst() {
        // given
        emulated.faults().on(Operation.BACKUP).answer(500, "A", "B", "  First.\nSecond.");

        // when, then
        assertFailure(failureOf(Call.BACKUP), FailureReason.UNAVAILABLE, 500, "B", "First.");
    }

    private void assertCorrupt(Call call, Failure failure) {
        assertThat(failure.reason()).as(failure.describe()).isEqualTo(FailureReason.CORRUPT_ANSWER);
        assertReadable(failure);
        assertThat(failure.message()).as("no word of the SDK's classes").doesNotContain("com.azure");
        assertThat(emulated.requests().count(call.operation, 200)).isEqualTo(1);
    }

    private Failure failureOf(Call call) {
        return Opened.failureOf(() -> {
            switch (call) {
                case LIST -> vault.list(ObjectKind.SECRET, null);
                case VERSIONS -> vault.versions(ONE, null);
                case BACKUP -> vault.backup(ONE, 1, memory).close();
            }
        });
    }

    private static void assertFailure(Failure failure, FailureReason reason, int status, String code, String message) {
        assertThat(failure.reason()).as(failure.describe()).isEqualTo(reason);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.message()).isEqualTo(message);
        assertThat(failure.requestId()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertReadable(failure);
    }

    static void assertReadable(Failure failure) {
        assertThat(failure.describe())
                .as("one line of several words")
                .doesNotContain("\n")
                .contains(" ")
                .hasSizeBetween(10, 1_200);
        assertThat(failure.message()).doesNotMatch("(?i)[a-z. ]*exception");
    }
}
