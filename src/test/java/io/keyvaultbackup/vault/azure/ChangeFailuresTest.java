package io.keyvaultbackup.vault.azure;

import static io.keyvaultbackup.vault.azure.AzureFailuresTest.assertReadable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.ScratchVault;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the service answers where objects are recovered, deleted and purged, and what becomes of it; each with one request. */
class ChangeFailuresTest {

    private static KeyVaultEmulator emulator;

    private EmulatedVault emulated;
    private RestoreTarget target;
    private ScratchVault scratch;

    /** The calls of the ports, apart from the restore. */
    enum Call {
        DELETED(Operation.LIST_DELETED),
        RECOVER(Operation.RECOVER),
        DELETE(Operation.DELETE),
        PURGE(Operation.PURGE);

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
    void newVault() {
        open(VaultSettings.of("failing"));
    }

    private void open(VaultSettings settings) {
        emulated = emulator.vault(settings);
        target = Opened.vaults(emulator).restoreTarget(emulated.uri());
        scratch = Opened.vaults(emulator).scratch(emulated.uri());
    }

    @AfterEach
    void oneRequest() {
        assertThat(emulated.requests().total()).isEqualTo(1);
    }

    static Stream<Arguments> everyCall() {
        return callsOfEveryKind(EnumSet.allOf(Call.class));
    }

    static Stream<Arguments> everyChange() {
        return callsOfEveryKind(EnumSet.complementOf(EnumSet.of(Call.DELETED)));
    }

    static Stream<Arguments> everyChangeOfTheDeleted() {
        return callsOfEveryKind(EnumSet.of(Call.RECOVER, Call.PURGE));
    }

    private static Stream<Arguments> callsOfEveryKind(Set<Call> calls) {
        return calls.stream().flatMap(call -> Arrays.stream(ObjectKind.values()).map(kind -> arguments(call, kind)));
    }

    @ParameterizedTest
    @MethodSource("everyCall")
    void aThrottledCallSaysSoAndForHowLong(Call call, ObjectKind kind) {
        // given
        emulated.faults().on(call.operation).throttle(Duration.ofSeconds(7));

        // when
        Failure failure = failureOf(call, kind);

        // then
        assertThat(failure.reason()).isEqualTo(FailureReason.THROTTLED);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(failure.mayHaveHappened()).isFalse();
        assertReadable(failure);
    }

    @ParameterizedTest
    @MethodSource("everyCall")
    void aMissingRoleIsNamed(Call call, ObjectKind kind) {
        // given
        emulated.faults().on(call.operation).forbid("ForbiddenByRbac");

        // when
        Failure failure = failureOf(call, kind);

        // then
        assertThat(failure.reason()).isEqualTo(FailureReason.ROLE_MISSING);
        assertThat(failure.status()).isEqualTo(403);
        assertReadable(failure);
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    void whatIsNotThereIsNotFound(Call call, ObjectKind kind) {
        // when
        Failure failure = failureOf(call, kind);

        // then
        assertThat(failure.reason()).isEqualTo(FailureReason.NOT_FOUND);
        assertThat(failure.status()).isEqualTo(404);
        assertThat(emulated.requests().count(call.operation, 404)).isEqualTo(1);
        assertReadable(failure);
    }

    @ParameterizedTest
    @MethodSource("everyChangeOfTheDeleted")
    void whatIsBeingDeletedMayBeAskedAgain(Call call, ObjectKind kind) {
        // given
        open(VaultSettings.of("slow").withDeletePause(Duration.ofHours(1)));
        emulated.make(kind.word(), "one");
        emulated.delete(kind.word(), "one");

        // when, then
        assertInTransition(failureOf(call, kind), "ObjectIsBeingDeleted");
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    void whatIsBeingRecoveredMayBeAskedAgain(Call call, ObjectKind kind) {
        // given
        open(VaultSettings.of("slow").withRecoverPause(Duration.ofHours(1)));
        emulated.make(kind.word(), "one");
        emulated.delete(kind.word(), "one");
        emulated.recover(kind.word(), "one");

        // when, then
        assertInTransition(failureOf(call, kind), "ObjectIsBeingRecovered");
    }

    private static void assertInTransition(Failure failure, String code) {
        assertThat(failure.status()).isEqualTo(409);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.reason()).isEqualTo(FailureReason.NAME_NOT_YET_FREE);
        assertThat(failure.reason().mayPass()).isTrue();
        assertThat(failure.mayHaveHappened()).isFalse();
        assertReadable(failure);
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    void anyOtherConflictIsARefusal(Call call, ObjectKind kind) {
        // given
        emulated.faults()
                .on(call.operation)
                .answer(409, "Conflict", "ObjectIsDeletedButRecoverable", "It is deleted but recoverable.");

        // when
        Failure failure = failureOf(call, kind);

        // then
        assertThat(failure.reason()).isEqualTo(FailureReason.REFUSED);
        assertThat(failure.code()).isEqualTo("ObjectIsDeletedButRecoverable");
    }

    @ParameterizedTest
    @MethodSource("everyCall")
    void aFailureOfTheServiceMayHaveHappenedAllTheSame(Call call, ObjectKind kind) {
        // given
        emulated.faults().on(call.operation).answer(503);

        // when
        Failure failure = failureOf(call, kind);

        // then
        assertThat(failure.reason()).isEqualTo(FailureReason.UNAVAILABLE);
        assertThat(failure.mayHaveHappened()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("everyCall")
    void aPageOfHtmlIsACorruptAnswer(Call call, ObjectKind kind) {
        // given
        emulated.faults().on(call.operation).garbage();

        // when, then
        assertCorrupt(failureOf(call, kind));
    }

    @ParameterizedTest
    @MethodSource("everyCall")
    void jsonOfSomethingElseIsACorruptAnswer(Call call, ObjectKind kind) {
        // given
        emulated.faults().on(call.operation).wrongJson();

        // when, then
        assertCorrupt(failureOf(call, kind));
    }

    private static void assertCorrupt(Failure failure) {
        assertThat(failure.reason()).as(failure.describe()).isEqualTo(FailureReason.CORRUPT_ANSWER);
        assertThat(failure.mayHaveHappened()).isTrue();
        assertThat(failure.message()).as("no word of the SDK's classes").doesNotContain("com.azure");
        assertReadable(failure);
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    void aLostAnswerIsTheNetworksAndMayHaveHappenedAllTheSame(Call call, ObjectKind kind) {
        // given
        prepare(call, kind);
        emulated.faults().on(call.operation).loseAnswer();

        // when
        Failure failure = failureOf(call, kind);

        // then
        assertThat(failure.reason()).as(failure.describe()).isEqualTo(FailureReason.NETWORK);
        assertThat(failure.mayHaveHappened()).isTrue();
        assertReadable(failure);
        assertThat(emulated.object(kind.word(), "one").isPresent()).isEqualTo(call == Call.RECOVER);
    }

    @ParameterizedTest
    @MethodSource("everyCall")
    void anAnswerThatIsCutOffIsNoAnswer(Call call, ObjectKind kind) {
        // given
        prepare(call, kind);
        emulated.faults().on(call.operation).truncate();

        // when, then the 204 of a purge has nothing that could be cut off
        if (call == Call.PURGE) {
            scratch.purge(new ObjectId(kind, "one"));
        } else {
            Failure failure = failureOf(call, kind);
            assertThat(failure.reason())
                    .as(failure.describe())
                    .isIn(FailureReason.NETWORK, FailureReason.CORRUPT_ANSWER);
            assertThat(failure.mayHaveHappened()).isTrue();
            assertReadable(failure);
        }
    }

    private void prepare(Call call, ObjectKind kind) {
        emulated.make(kind.word(), "one");
        if (call != Call.DELETE) {
            emulated.delete(kind.word(), "one");
        }
    }

    private Failure failureOf(Call call, ObjectKind kind) {
        ObjectId one = new ObjectId(kind, "one");
        return Opened.failureOf(() -> {
            switch (call) {
                case DELETED -> target.deleted(kind, null);
                case RECOVER -> target.recover(one);
                case DELETE -> scratch.delete(one);
                case PURGE -> scratch.purge(one);
            }
        });
    }
}
