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
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where no whole answer comes. */
class TransportFailuresTest {

    private static final ObjectId ONE = new ObjectId(ObjectKind.SECRET, "one");
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Long enough for a request to arrive on a busy machine; the answer never comes. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static KeyVaultEmulator emulator;

    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private EmulatedVault emulated;

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
        emulated = emulator.vault("unreachable");
        emulated.secret("one");
    }

    @AfterEach
    void noMemoryKept() {
        assertThat(memory.reserved()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void aResetConnectionIsTheNetworks(Call call) {
        // given
        Vault vault = Opened.vault(emulator, emulated.uri());
        emulated.faults().on(call.operation).reset();

        // when
        Failure failure = failureOf(vault, call);

        // then
        assertWithoutAnswer(failure, FailureReason.NETWORK);
        assertThat(failure.message()).containsIgnoringCase("connection reset");
        // the JDK's client repeats a GET once if a connection that it had used before breaks without any answer
        assertThat(emulated.requests().count(call.operation, 0)).isBetween(1L, call == Call.BACKUP ? 1L : 2L);
        assertThat(emulated.requests().count(call.operation))
                .isEqualTo(emulated.requests().count(call.operation, 0));
        assertThat(emulated.requests().total()).isEqualTo(emulated.requests().count(call.operation));
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void anAnswerThatIsCutOffIsNoShortListAndNoBackup(Call call) {
        // given
        Vault vault = Opened.vault(emulator, emulated.uri());
        emulated.faults().on(call.operation).truncate();

        // when
        Failure failure = failureOf(vault, call);

        // then
        assertWithoutAnswer(failure, FailureReason.CORRUPT_ANSWER);
        assertThat(failure.message()).isEqualTo("the answer was cut off: the connection ended before it did");
        assertThat(emulated.requests().count(call.operation)).isEqualTo(1);
        assertThat(emulated.requests().total()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Call.class)
    void aServiceThatDoesNotAnswerInTimeTimesOut(Call call) {
        // given a token and an open connection, for which there was all the time in the world
        CountDownLatch over = new CountDownLatch(1);
        AtomicReference<Duration> limit = new AtomicReference<>(LONG);
        Vault vault = Opened.vault(emulator, emulated.uri(), limit::get);
        Call other = call == Call.LIST ? Call.VERSIONS : Call.LIST;
        make(vault, other);
        limit.set(SHORT);
        emulated.requests().reset();
        emulated.faults().on(call.operation).before(() -> awaitQuietly(over));

        // when
        Failure failure = failureOf(vault, call);
        over.countDown();

        // then
        assertWithoutAnswer(failure, FailureReason.TIMED_OUT);
        assertThat(emulated.requests().maximumConcurrent()).isEqualTo(1);
    }

    @Test
    void aCertificateThatIsNotTrustedIsNamedAsTheReason() {
        // given
        Vault vault = Opened.untrusting(emulated.uri());

        // when
        Failure failure = failureOf(vault, Call.LIST);

        // then
        assertWithoutAnswer(failure, FailureReason.TLS_NOT_TRUSTED);
        assertThat(failure.message())
                .contains("the certificate that localhost:" + emulated.uri().getPort() + " shows is not trusted")
                .containsIgnoringCase("certification path");
        assertThat(emulated.requests().total()).isZero();
        assertThat(emulated.requests().count(Operation.CHALLENGE)).isZero();
    }

    @Test
    void aHostThatNobodyKnowsIsNamed() {
        // given a name that never resolves (RFC 6761)
        Vault vault = Opened.vault(emulator, URI.create("https://no-such-vault.invalid"));

        // when
        Failure failure = failureOf(vault, Call.BACKUP);

        // then
        assertWithoutAnswer(failure, FailureReason.NETWORK);
        assertThat(failure.message()).contains("no-such-vault.invalid");
    }

    @Test
    void aPortThatNobodyListensOnRefuses() {
        // given
        KeyVaultEmulator gone = KeyVaultEmulator.start();
        URI uri = gone.vault("gone").uri();
        gone.close();
        Vault vault = Opened.vault(emulator, uri);

        // when
        Failure failure = failureOf(vault, Call.BACKUP);

        // then
        assertWithoutAnswer(failure, FailureReason.NETWORK);
        assertThat(failure.message()).contains("localhost:" + uri.getPort());
    }

    @Test
    void anInterruptedCallIsAbandonedAndStaysInterrupted() throws Exception {
        // given a call that is under way
        Vault vault = Opened.vault(emulator, emulated.uri());
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        emulated.faults().on(Operation.BACKUP).before(() -> {
            arrived.countDown();
            awaitQuietly(over);
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>(false);
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                vault.backup(ONE, 1, memory).close();
            } catch (RuntimeException expected) {
                thrown.set(expected);
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        arrived.await();

        // when
        caller.interrupt();
        caller.join();
        over.countDown();

        // then
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        assertThat(interrupted.get()).isTrue();
    }

    private static void assertWithoutAnswer(Failure failure, FailureReason reason) {
        assertThat(failure.reason()).as(failure.describe()).isEqualTo(reason);
        assertThat(failure.status()).isZero();
        assertThat(failure.code()).isNull();
        assertThat(failure.requestId()).isNull();
        assertThat(failure.retryAfter()).isNull();
        AzureFailuresTest.assertReadable(failure);
    }

    private Failure failureOf(Vault vault, Call call) {
        return Opened.failureOf(() -> make(vault, call));
    }

    private void make(Vault vault, Call call) {
        switch (call) {
            case LIST -> vault.list(ObjectKind.SECRET, null);
            case VERSIONS -> vault.versions(ONE, null);
            case BACKUP -> vault.backup(ONE, 1, memory).close();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
