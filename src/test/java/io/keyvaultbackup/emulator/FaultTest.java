package io.keyvaultbackup.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.exception.ResourceNotFoundException;
import com.azure.security.keyvault.secrets.SecretClient;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {

    private static KeyVaultEmulator emulator;

    private EmulatedVault vault;
    private Clients clients;
    private SecretClient secrets;

    @BeforeAll
    static void startEmulator() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stopEmulator() {
        emulator.close();
    }

    @BeforeEach
    void newVault() {
        vault = emulator.vault("faulty");
        vault.secret("one");
        vault.secret("two");
        clients = Clients.of(emulator, vault);
        secrets = clients.secrets();
    }

    @Test
    void anAnswerIsGivenAsOftenAsSaidAndToNobodyElse() {
        // given
        Fault fault = vault.faults()
                .on(Operation.BACKUP, "secret", "one")
                .skip(1)
                .times(2)
                .answer(503);

        // when, then
        secrets.backupSecret("one");
        assertStatus(503, () -> secrets.backupSecret("one"));
        secrets.backupSecret("two");
        assertStatus(503, () -> secrets.backupSecret("one"));
        secrets.backupSecret("one");
        assertThat(fault.hits()).isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP, 503)).isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP, 200)).isEqualTo(3);
    }

    @Test
    void aFaultLastsUntilItIsCancelled() {
        // given
        Fault fault = vault.faults().onAny().always().answer(500, "InternalServerError", "Inner", "Broken for a test.");

        // when, then
        assertThatThrownBy(() -> secrets.backupSecret("one"))
                .hasMessageContaining("Broken for a test.")
                .hasMessageContaining("\"code\":\"Inner\"");
        assertStatus(500, () -> secrets.getSecret("two"));
        fault.cancel();
        secrets.backupSecret("one");
        vault.faults().on(Operation.BACKUP).answer(502);
        assertStatus(502, () -> secrets.backupSecret("one"));
        vault.faults().clear();
        secrets.backupSecret("one");
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(4);
    }

    @Test
    void throttlingCanBeMadeUpAndCostsNothing() {
        // given
        vault.faults().on(Operation.BACKUP, "secret").times(1).throttle(Duration.ofSeconds(3));
        vault.faults().on(Operation.BACKUP, "secret").times(1).throttle(null);

        // when, then
        assertStatus(429, () -> secrets.backupSecret("one"));
        assertThat(clients.lastAnswer().header("Retry-After")).isEqualTo("3");
        assertStatus(429, () -> secrets.backupSecret("one"));
        assertThat(clients.lastAnswer().header("Retry-After")).isEmpty();
        secrets.backupSecret("one");
        assertThat(vault.requests().throttled()).isEqualTo(2);
        assertThat(vault.requests().cost()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ForbiddenByRbac, Caller is not authorized to perform action on resource.",
        "AccessDenied, does not have the permission on key vault",
        "ForbiddenByFirewall, Client address is not authorized and caller is not a trusted service."
    })
    void refusalsCarryTheirInnerCode(String innerCode, String message) {
        // given
        vault.faults().on(Operation.BACKUP).forbid(innerCode);

        // when, then
        assertThatThrownBy(() -> secrets.backupSecret("one"))
                .hasMessageContaining("\"code\":\"Forbidden\"")
                .hasMessageContaining("\"innererror\":{\"code\":\"" + innerCode + "\"}")
                .hasMessageContaining(message)
                .satisfies(refused ->
                        assertThat(BackupAndRestoreTest.statusOf(refused)).isEqualTo(403));
    }

    @Test
    void aResetIsARealOne() {
        // given
        secrets.backupSecret("one");
        vault.faults().on(Operation.BACKUP).times(1).reset();

        // when, then
        assertThatThrownBy(() -> secrets.backupSecret("one"))
                .hasRootCauseInstanceOf(SocketException.class)
                .rootCause()
                .hasMessageContaining("Connection reset");
        secrets.backupSecret("one");
        assertThat(vault.requests().count(Operation.BACKUP, 0)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.BACKUP, 200)).isEqualTo(2);
    }

    @Test
    void aTruncatedAnswerEndsInTheMiddle() {
        // given
        vault.faults().on(Operation.BACKUP).times(1).truncate();

        // when, then
        assertThatThrownBy(() -> secrets.backupSecret("one"))
                .hasRootCauseInstanceOf(IOException.class)
                .hasStackTraceContaining("bytes received");
        secrets.backupSecret("one");
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(2);
    }

    @Test
    void garbageIsAnsweredWithTwoHundred() {
        // given
        vault.faults().on(Operation.BACKUP, "secret", "one").garbage();
        vault.faults().on(Operation.BACKUP, "secret", "two").wrongJson();

        // when, then
        assertThatThrownBy(() -> secrets.backupSecret("one")).isInstanceOf(RuntimeException.class);
        assertThat(clients.lastAnswer().status()).isEqualTo(200);
        assertThat(clients.lastAnswer().header("Content-Type")).isEqualTo("text/html");
        assertThat(secrets.backupSecret("two")).isNullOrEmpty();
        assertThat(vault.requests().count(Operation.BACKUP, 200)).isEqualTo(2);
    }

    @Test
    void anAnswerCanBeLostAfterTheWorkIsDone() {
        // given
        vault.faults().on(Operation.SET).times(1).loseAnswer();

        // when, then
        assertThatThrownBy(() -> secrets.setSecret("three", "value")).isInstanceOf(RuntimeException.class);
        assertThat(secrets.getSecret("three").getValue()).isEqualTo("value");
        assertThat(vault.object("secret", "three").orElseThrow().versions()).hasSize(1);
        assertThat(vault.requests().count(Operation.SET, 0)).isEqualTo(1);
    }

    @Test
    void delaysAddUpWithWhatElseGoesWrong() {
        // given
        vault.faults()
                .on(Operation.BACKUP)
                .times(1)
                .delay(Duration.ofMillis(100))
                .delayAnswer(Duration.ofMillis(100))
                .answer(503);
        long begin = System.nanoTime();

        // when, then
        assertStatus(503, () -> secrets.backupSecret("one"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        secrets.backupSecret("one");
    }

    @Test
    void hooksRunBeforeAndAfterTheWork() {
        // given
        vault.faults().on(Operation.BACKUP, "secret", "one").times(1).before(() -> vault.delete("secret", "one"));
        AtomicInteger versionsThen = new AtomicInteger();
        vault.faults().on(Operation.BACKUP, "secret", "two").times(1).after(() -> {
            versionsThen.set(
                    vault.object("secret", "two").orElseThrow().versions().size());
            vault.rotate("secret", "two");
        });

        // when, then
        assertThatThrownBy(() -> secrets.backupSecret("one")).isInstanceOf(ResourceNotFoundException.class);
        BackupContent content = vault.openBackup(secrets.backupSecret("two"));
        assertThat(content.versions()).hasSize(1);
        assertThat(versionsThen).hasValue(1);
        assertThat(vault.object("secret", "two").orElseThrow().versions()).hasSize(2);
    }

    @Test
    void theFirstOfTwoEndingsWinsAndTheOtherIsKept() {
        // given
        Fault first = vault.faults().on(Operation.BACKUP).times(1).answer(503);
        Fault second = vault.faults().on(Operation.BACKUP).times(1).answer(500);

        // when, then
        assertStatus(503, () -> secrets.backupSecret("one"));
        assertThat(second.hits()).isZero();
        assertStatus(500, () -> secrets.backupSecret("one"));
        secrets.backupSecret("one");
        assertThat(first.hits()).isEqualTo(1);
        assertThat(second.hits()).isEqualTo(1);
    }

    private static void assertStatus(int status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(HttpResponseException.class)
                .satisfies(refused ->
                        assertThat(BackupAndRestoreTest.statusOf(refused)).isEqualTo(status));
    }
}
