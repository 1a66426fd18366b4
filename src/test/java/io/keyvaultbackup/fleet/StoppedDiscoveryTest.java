package io.keyvaultbackup.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.FastTime;
import io.keyvaultbackup.emulator.EmulatedResourceManager;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.run.StopSignal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stop is heard while Azure is asked which vaults there are. Time passes as it does, but for one test: waits would be seen. */
@Timeout(60)
class StoppedDiscoveryTest extends EmulatedVaultTest {

    private static final String OURS = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final String DISCOVERY = "keyvault-backup.fleet.discovery.";

    /** Those that a discovery waits for here are minutes. */
    private static final Duration PROMPT = Duration.ofSeconds(5);

    private EmulatedResourceManager azure;
    private StopSignal stop;
    private volatile long given;

    @BeforeEach
    void prepare() {
        azure = emulator.resourceManager();
        azure.vault(vault.uri() + "/", OURS, "production", "westeurope", Map.of());
        vault.secret("app");
        bench.set(DISCOVERY + "enabled", "true")
                .set(DISCOVERY + "endpoint", azure.uri().toString());
        stop = bench.nextStop();
    }

    private void give() {
        given = System.nanoTime();
        stop.give();
    }

    private void assertStoppedAtOnce(Bench.Result result) {
        assertThat(Duration.ofNanos(System.nanoTime() - given)).isLessThan(PROMPT);
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(130);
        assertThat(result.lines("error"))
                .singleElement()
                .satisfies(error -> assertThat(error.path("message").asString())
                        .contains("stopped while Azure was asked which vaults there are; nothing was begun"));
        assertThat(vault.requests().total()).isZero();
    }

    @Test
    void whileAzureSaysNothing() {
        // given
        CountDownLatch goOn = new CountDownLatch(1);
        azure.before(() -> {
            give();
            await(goOn);
        });

        try {
            // when
            Bench.Result result = bench.run("backup", "--json");

            // then
            assertStoppedAtOnce(result);
            assertThat(bench.blobs()).isEmpty();
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void whileALimitsTimeIsWaitedFor() {
        // given
        azure.refuse(5, 429, "RateLimiting", "Too many requests.", Map.of("Retry-After", "90"));
        azure.before(() -> Thread.ofVirtual().start(() -> {
            sleepUntilAnswered();
            give();
        }));

        // when
        Bench.Result result = bench.run("retry", "--json");

        // then
        assertStoppedAtOnce(result);
        assertThat(azure.requests()).as("none after the stop").hasSize(1);
    }

    @Test
    void beforeADrillIsBegun() {
        // given a snapshot, and an Azure that says nothing
        EmulatedVault scratch = emulator.vault("scratch");
        bench.with(FastTime.class).set(DISCOVERY + "enabled", "false");
        assertThat(bench.backUp(vault).exitCode()).isZero();
        bench.set(DISCOVERY + "enabled", "true");
        stop = bench.nextStop();
        vault.requests().reset();
        CountDownLatch goOn = new CountDownLatch(1);
        azure.before(() -> {
            give();
            await(goOn);
        });

        try {
            // when
            Bench.Result result = bench.run(
                    "drill",
                    "--json",
                    "--yes",
                    "--from",
                    vault.uri().toString(),
                    "--to",
                    scratch.uri().toString());

            // then
            assertStoppedAtOnce(result);
            assertThat(scratch.requests().total()).isZero();
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void beforeAzureIsAsked() {
        give();

        Bench.Result result = bench.run("backup", "--json");

        assertThat(result.exitCode()).isEqualTo(130);
        assertThat(azure.requests()).isEmpty();
    }

    /** The answer is on its way when the hook is done; some moments later the wait has begun. */
    private static void sleepUntilAnswered() {
        try {
            Thread.sleep(Duration.ofMillis(500));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
