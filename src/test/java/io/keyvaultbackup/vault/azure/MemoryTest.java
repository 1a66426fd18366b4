package io.keyvaultbackup.vault.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("alone")
class MemoryTest {

    private static final int BLOB = 16 << 20;
    private static final int CAPACITY = 64 << 20;

    private static KeyVaultEmulator emulator;

    @BeforeAll
    static void start() {
        emulator = KeyVaultEmulator.start();
    }

    @AfterAll
    static void stop() {
        emulator.close();
    }

    @Test
    void manyLargeBlobsAtATimeStayWithinTheBudget() throws Exception {
        // given
        EmulatedVault emulated = emulator.vault("large");
        for (int number = 0; number < 16; number++) {
            emulated.secret("large-" + number).blobSize(BLOB);
        }
        Vault vault = Opened.vault(emulator, emulated.uri());
        MemoryBudget memory = new MemoryBudget(CAPACITY);

        // when 8 threads back them up
        List<Future<Integer>> sizes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int number = 0; number < 16; number++) {
                ObjectId id = new ObjectId(ObjectKind.SECRET, "large-" + number);
                sizes.add(threads.submit(() -> {
                    try (ProtectedBytes bytes = vault.backup(id, 1, memory)) {
                        assertThat(memory.reserved()).isBetween((long) bytes.content().length, (long) CAPACITY);
                        assertThat(emulated.openBackup(bytes.content()).name()).isEqualTo(id.name());
                        return bytes.content().length;
                    }
                }));
            }
        }

        // then
        for (Future<Integer> size : sizes) {
            assertThat(size.get()).isBetween(BLOB - 3, BLOB);
        }
        assertThat(memory.peak()).isBetween(2L * BLOB, (long) CAPACITY);
        assertThat(memory.reserved()).isZero();
        assertThat(emulated.requests().count(Operation.BACKUP, 200)).isEqualTo(16);
        assertThat(emulated.requests().total()).isEqualTo(16);
    }

    @Test
    void aBlobKeepsItsOwnSizeUntilItIsClosedOnce() {
        // given
        EmulatedVault emulated = emulator.vault("small");
        emulated.key("one");
        MemoryBudget memory = new MemoryBudget(CAPACITY);
        Vault vault = Opened.vault(emulator, emulated.uri());

        // when, then
        ProtectedBytes bytes = vault.backup(new ObjectId(ObjectKind.KEY, "one"), 1, memory);
        assertThat(memory.reserved()).isEqualTo(bytes.content().length);
        bytes.close();
        assertThat(memory.reserved()).isZero();
        bytes.close();
        assertThat(memory.reserved()).isZero();
        assertThat(emulated.requests().total()).isEqualTo(1);
    }

    @Test
    void aCallThatIsInterruptedWhileItWaitsForMemoryIsAbandoned() throws Exception {
        // given memory that is all taken
        EmulatedVault emulated = emulator.vault("waiting");
        emulated.secret("one");
        Vault vault = Opened.vault(emulator, emulated.uri());
        MemoryBudget memory = new MemoryBudget(1_000);
        MemoryBudget.Reservation all = memory.reserve(1_000);
        Thread caller = new Thread(() -> assertThatThrownBy(
                        () -> vault.backup(new ObjectId(ObjectKind.SECRET, "one"), 1, memory))
                .isInstanceOf(CancellationException.class));
        List<Throwable> failures = new ArrayList<>();
        caller.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        caller.start();
        while (emulated.requests().count(Operation.BACKUP, 200) == 0) {
            Thread.onSpinWait();
        }

        // when
        caller.interrupt();
        caller.join();

        // then
        assertThat(failures).isEmpty();
        assertThat(memory.reserved()).isEqualTo(1_000);
        all.close();
        assertThat(memory.reserved()).isZero();
        assertThat(emulated.requests().total()).isEqualTo(1);
    }

    @Test
    void aBackupIsDecodedWhateverItsSizeAndHoweverItIsWritten() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            // given
            byte[] blob = new byte[1 + random.nextInt(round < 190 ? 200 : 100_000)];
            random.nextBytes(blob);
            Base64.Encoder encoder = random.nextBoolean()
                    ? Base64.getUrlEncoder()
                    : Base64.getUrlEncoder().withoutPadding();
            String value = "\"value\" :\"" + encoder.encodeToString(blob) + "\"";
            String json = switch (random.nextInt(3)) {
                case 0 -> "{" + value + "}";
                case 1 -> " { " + value + " , \"more\" : {\"value\":[1,{}]} } ";
                default -> "{\"before\":null,\"list\":[\"value\"]," + value + "}";
            };
            byte[] body = json.getBytes(StandardCharsets.UTF_8);

            // when, then
            long length = random.nextBoolean() ? body.length : -1;
            assertThat(Answers.backup(new ByteArrayInputStream(body), length))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(blob);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "\"value\"",
                "{}",
                "{\"value\":null}",
                "{\"value\":7}",
                "{\"value\":\"\"}",
                "{\"value\":\"KUF6\"",
                "{\"value\":\"KUF6",
                "{\"value\":\"KUF6\"}{",
                "{\"value\":\"K+F/\"}",
                "{\"value\":{\"value\":\"KUF6\"}}",
                "<html>"
            })
    void whatIsNoBackupIsNoneHoweverNear(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Answers.backup(new ByteArrayInputStream(bytes), bytes.length))
                .isInstanceOf(VaultException.class)
                .hasMessageStartingWith("the answer to the backup call is not what the service's API describes, but ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"value\":null}",
                "{\"value\":{}}",
                "{\"value\":[{}]}",
                "{\"value\":[7]}",
                "{\"value\":[],\"nextLink\":7}",
                "{\"value\":[]",
                "<html>"
            })
    void whatIsNoPageIsNotAnEmptyOne(String body) {
        assertThatThrownBy(() -> Answers.listing(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(VaultException.class)
                .hasMessageStartingWith("the answer to the listing is not what the service's API describes, but ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\":[]}",
                "{\"value\":[{\"id\":\"a\"},{\"kid\":\"b\"}],\"nextLink\":null}",
                "{\"nextLink\":\"https://next\",\"value\":[],\"more\":1}"
            })
    void aPageIsPassedOnAsItIs(String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        assertThat(Answers.listing(bytes)).isSameAs(bytes);
    }
}
