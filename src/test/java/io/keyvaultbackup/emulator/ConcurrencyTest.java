package io.keyvaultbackup.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {

    private static KeyVaultEmulator emulator;

    @BeforeAll
    static void startEmulator() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stopEmulator() {
        emulator.close();
    }

    @Test
    void requestsInProgressAreCountedAndDelaysHoldNoThread() throws Exception {
        // given
        EmulatedVault vault = emulator.vault(VaultSettings.of("busy").withLatency(Duration.ofMillis(50)));
        vault.secrets("secret-", 16);
        var secrets = Clients.of(emulator, vault).secrets();
        secrets.backupSecret("secret-000000");
        vault.requests().reset();
        CountDownLatch allArrived = new CountDownLatch(16);
        vault.faults().on(Operation.BACKUP).before(() -> {
            allArrived.countDown();
            awaitQuietly(allArrived);
        });

        // when
        List<byte[]> blobs = inParallel(16, number -> secrets.backupSecret("secret-%06d".formatted(number)));

        // then
        assertThat(blobs).hasSize(16).doesNotHaveDuplicates();
        assertThat(vault.requests().maximumConcurrent()).isEqualTo(16);
        assertThat(vault.requests().count(Operation.BACKUP, 200)).isEqualTo(16);
        assertThat(vault.requests().cost()).isEqualTo(16);
    }

    @Test
    void everyBlobHoldsOneWholeStateOfItsHistory() throws Exception {
        // given
        EmulatedVault vault = emulator.vault("rotating");
        vault.certificate("web");
        vault.faults().on(Operation.BACKUP).before(() -> vault.rotate("certificate", "web"));
        var certificates = Clients.of(emulator, vault).certificates();

        // when
        List<byte[]> blobs = inParallel(40, number -> certificates.backupCertificate("web"));

        // then
        List<HistoryEntry> history = vault.history("certificate", "web");
        assertThat(history).hasSize(41);
        assertThat(blobs).allSatisfy(blob -> {
            BackupContent content = vault.openBackup(blob);
            assertThat(history).anySatisfy(state -> {
                assertThat(state.revision()).isEqualTo(content.revision());
                assertThat(state.versions()).isEqualTo(content.versions());
            });
        });
        assertThat(vault.objects())
                .extracting(EmulatedObject::versions)
                .containsOnly(history.getLast().versions());
    }

    @Test
    void ofCompetingRestoresOfOneNameOnlyOneSucceeds() throws Exception {
        // given
        EmulatedVault vault = emulator.vault("racing");
        vault.secret("one");
        var secrets = Clients.of(emulator, vault).secrets();
        byte[] blob = secrets.backupSecret("one");
        vault.delete("secret", "one");
        vault.purge("secret", "one");

        // when
        inParallel(12, number -> {
            try {
                return secrets.restoreSecretBackup(blob).getName();
            } catch (RuntimeException conflict) {
                return "conflict";
            }
        });

        // then
        assertThat(vault.requests().count(Operation.RESTORE, 200)).isEqualTo(1);
        assertThat(vault.requests().count(Operation.RESTORE, 409)).isEqualTo(11);
    }

    @Test
    void aVaultOfAHundredThousandSecretsIsSeededAndListed() {
        // given
        EmulatedVault vault = emulator.vault(VaultSettings.of("large").withPageSize(5_000));

        // when
        vault.secrets("secret-", 100_000);

        // then
        assertThat(vault.objects()).hasSize(100_000);
        assertThat(Clients.of(emulator, vault).secrets().listPropertiesOfSecrets().stream())
                .hasSize(100_000);
        assertThat(vault.requests().count(Operation.LIST, 200)).isEqualTo(20);
    }

    @Test
    void vaultsHavePortsOfTheirOwnAndShareNothing() {
        // given
        List<EmulatedVault> vaults = new ArrayList<>();

        // when
        for (int number = 0; number < 50; number++) {
            vaults.add(emulator.vault("vault-" + number));
        }
        vaults.getFirst().secret("one");

        // then
        assertThat(vaults).extracting(EmulatedVault::uri).doesNotHaveDuplicates();
        assertThat(vaults.getFirst().objects()).hasSize(1);
        assertThat(vaults.getLast().objects()).isEmpty();
    }

    private interface Work<T> {
        T on(int number);
    }

    private static <T> List<T> inParallel(int count, Work<T> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int number = 0; number < count; number++) {
                int current = number;
                futures.add(threads.submit(() -> work.on(current)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
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
