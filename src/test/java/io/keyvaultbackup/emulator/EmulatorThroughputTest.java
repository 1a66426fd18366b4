package io.keyvaultbackup.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many backup calls a second the emulator can answer, client and server in one JVM. */
@Tag("benchmark")
class EmulatorThroughputTest {

    private static final int CONNECTIONS = 48;
    private static final int CALLS = 30_000;
    private static final int OBJECTS = 1_000;

    @Test
    void backupCallsASecond() throws Exception {
        // given
        try (KeyVaultEmulator emulator = KeyVaultEmulator.start();
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(emulator.sslContext())
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            EmulatedVault vault = emulator.vault("fast");
            long seeding = System.nanoTime();
            emulator.vault("another");
            long seeded = System.nanoTime();
            emulator.vault("large").secrets("secret-", 100_000);
            System.out.printf(
                    "a vault starts in %,d ms, 100,000 secrets are seeded in %,d ms%n",
                    (seeded - seeding) / 1_000_000, (System.nanoTime() - seeded) / 1_000_000);
            vault.secrets("secret-", OBJECTS);
            String token = emulator.tokens().token("https://vault.azure.net");
            double best = 0;

            // when
            for (int round = 0; round < 8; round++) {
                vault.requests().reset();
                Load load = new Load(client, vault.uri(), token);
                double rate = load.run();
                best = Math.max(best, rate);
                System.out.printf(
                        "round %d: %,.0f backup calls/s, %,d bytes a body%n", round, rate, load.bytes.get() / CALLS);

                // then
                assertThat(vault.requests().count(Operation.BACKUP, 200)).isEqualTo(CALLS);
                assertThat(load.failures).hasValue(0);
            }
            System.out.printf("best: %,.0f backup calls/s%n", best);
            assertThat(best).isGreaterThan(1_000);
        }
    }

    /** So many connections, each with the next call as soon as the last is answered. */
    private static final class Load {

        final AtomicLong bytes = new AtomicLong();
        final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger started = new AtomicInteger();
        private final CountDownLatch left = new CountDownLatch(CALLS);
        private final HttpClient client;
        private final URI vault;
        private final String token;

        Load(HttpClient client, URI vault, String token) {
            this.client = client;
            this.vault = vault;
            this.token = token;
        }

        double run() throws InterruptedException {
            long begin = System.nanoTime();
            for (int connection = 0; connection < CONNECTIONS; connection++) {
                next();
            }
            left.await();
            return CALLS / (Duration.ofNanos(System.nanoTime() - begin).toNanos() / 1e9);
        }

        private void next() {
            int number = started.getAndIncrement();
            if (number >= CALLS) {
                return;
            }
            HttpRequest request = HttpRequest.newBuilder(
                            vault.resolve("/secrets/secret-%06d/backup?api-version=7.6".formatted(number % OBJECTS)))
                    .header("Authorization", "Bearer " + token)
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            var _ = client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                    .whenComplete((response, failure) -> {
                        if (failure != null || response.statusCode() != 200) {
                            failures.incrementAndGet();
                        } else {
                            bytes.addAndGet(response.body().length);
                        }
                        left.countDown();
                        next();
                    });
        }
    }
}
