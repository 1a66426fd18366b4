package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.RequestLimit;
import io.keyvaultbackup.emulator.VaultSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job at a limit that is enforced, in real time. */
@Tag("alone")
class BudgetUseTest {

    private static final int LIMIT = 2_000;

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

    @Test
    void usesAtLeast95PercentOfItsBudgetAndIsNeverThrottled() {
        // given 5,000 objects, and a service that enforces exactly the budget
        EmulatedVault vault = emulator.vault(VaultSettings.of("budget").withLimit(RequestLimit.of(LIMIT)));
        vault.secrets("app", 5_000);
        Bench bench = new Bench(directory, emulator).set("keyvault-backup.budget", String.valueOf(LIMIT));
        warmUp();

        // when
        Bench.Result result = bench.backUp(vault);

        // then
        double seconds = seconds(vault);
        double share = vault.requests().cost() / seconds / (LIMIT / 10.0);
        System.err.printf(
                "budget use: %.0f units in %.1f s, %.1f %% of the budget%n",
                vault.requests().cost(), seconds, share * 100);
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 5_000L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(5_000);
        assertThat(vault.requests().throttled()).isZero();
        assertThat(vault.requests().peakCost()).isLessThanOrEqualTo(LIMIT);
        assertThat(share).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void takesNoMoreThanAnotherClientLeavesAndStillFinishes() {
        // given another client that takes half of the limit, evenly, and a budget that would be all of it
        EmulatedVault vault = emulator.vault(
                VaultSettings.of("shared").withLimit(RequestLimit.of(LIMIT)).withLatency(Duration.ofMillis(10)));
        vault.secrets("app", 1_500);
        AtomicLong asked = new AtomicLong();
        AtomicLong granted = new AtomicLong();
        Bench bench = new Bench(directory, emulator).set("keyvault-backup.budget", String.valueOf(LIMIT));

        // when
        Bench.Result result;
        try (ScheduledExecutorService other = Executors.newSingleThreadScheduledExecutor()) {
            var _ = other.scheduleAtFixedRate(
                    () -> {
                        asked.incrementAndGet();
                        if (vault.limit().tryTake(1)) {
                            granted.incrementAndGet();
                        }
                    },
                    0,
                    10,
                    TimeUnit.MILLISECONDS);
            result = bench.backUp(vault);
            other.shutdownNow();
        }

        // then
        double seconds = seconds(vault);
        double ours = vault.requests().cost() / seconds;
        System.err.printf(
                "beside another client: %.0f units in %.1f s (%.0f a second), %d throttled; the other got %d of %d%n",
                vault.requests().cost(), seconds, ours, vault.requests().throttled(), granted.get(), asked.get());
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("BACKED_UP", 1_500L));
        assertThat(result.summary().path("throttled").asLong())
                .isEqualTo(vault.requests().throttled());
        assertThat(ours).isLessThanOrEqualTo(LIMIT / 10.0 / 2 * 1.02);
        assertThat(granted.get() / (double) asked.get()).isGreaterThanOrEqualTo(0.9);
    }

    /** What is measured is the job, not how a JVM that shares two cores with the emulator compiles both. */
    private void warmUp() {
        EmulatedVault other = emulator.vault("warm-up");
        other.secrets("app", 300);
        Bench bench = new Bench(directory, emulator).set("keyvault-backup.budget", "4000");
        assertThat(bench.backUp(other).exitCode()).isZero();
    }

    private static double seconds(EmulatedVault vault) {
        return vault.requests().span().toMillis() / 1000.0;
    }
}
