package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.store.directory.DirectoryRemoval;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** A forget whose machine slept in the middle of it, until another had the lease and was done, removes nothing more. */
class LateForgetTest extends EmulatedVaultTest {

    /** More than any lease lasts. */
    private static final Duration SLEEP = Duration.ofHours(1);

    private static final AtomicReference<Duration> SLEPT = new AtomicReference<>(Duration.ZERO);
    private static final AtomicReference<Runnable> BEFORE_A_REMOVAL = new AtomicReference<>(() -> {});
    private static final List<String> REMOVED = new ArrayList<>();

    @TestConfiguration(proxyBeanMethods = false)
    static class SleepingMachine {

        @Bean
        @Primary
        InstantSource sleepingClock() {
            return () -> Instant.now().plus(SLEPT.get());
        }

        @Bean
        @Primary
        BlobRemoval watchedRemoval(StoreProperties properties) {
            BlobRemoval removal = new DirectoryRemoval(Objects.requireNonNull(properties.directory()));
            return new BlobRemoval() {
                @Override
                public Stream<StoredBlob> list(String prefix) {
                    return removal.list(prefix);
                }

                @Override
                public void remove(StoredBlob blob, Runnable goOn) {
                    BEFORE_A_REMOVAL.get().run();
                    removal.remove(blob, goOn);
                    synchronized (REMOVED) {
                        REMOVED.add(blob.name());
                    }
                }
            };
        }
    }

    @BeforeEach
    void backUpFourNights() {
        SLEPT.set(Duration.ZERO);
        REMOVED.clear();
        BEFORE_A_REMOVAL.set(() -> {});
        bench.with(SleepingMachine.class).set("keyvault-backup.retention.threads", "1");
        vault.secrets("app", 3);
        for (int night = 1; night <= 4; night++) {
            assertEnds(0, bench.backUp(vault, "--scheduled-for", "2026-11-1" + night + "T03:00:00Z"));
            vault.rotate("secret", "app000001");
        }
    }

    private static Bench.Result assertEnds(int exitCode, Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
        return result;
    }

    private Bench.Result forget(int last) {
        return bench.run("forget", "--json", "--vault", vault.uri().toString(), "--keep-last", String.valueOf(last));
    }

    /** The first two of what keeps two go with their manifests; the fourth is of the sweep. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void theLateOneRemovesNothingMore(int removedBefore) {
        // given one that would keep one snapshot, and sleeps
        List<Bench.Result> other = new ArrayList<>();
        List<String> removedByThen = new ArrayList<>();
        BEFORE_A_REMOVAL.set(() -> {
            if (REMOVED.size() == removedBefore) {
                BEFORE_A_REMOVAL.set(() -> {});
                SLEPT.set(SLEEP);
                // when another keeps two, and is done before it wakes
                // in a thread of its own, since this one may be in a transaction
                other.add(CompletableFuture.supplyAsync(() -> forget(2)).join());
                removedByThen.addAll(REMOVED);
            }
        });
        Bench.Result late = forget(1);

        // then
        assertEnds(0, other.getFirst());
        assertEnds(3, late);
        assertThat(late.out()).contains("the lease of").contains("is lost");
        assertThat(late.summary().path("status").asString()).isEqualTo("INCOMPLETE");
        assertThat(REMOVED).isEqualTo(removedByThen).isNotEmpty();
        assertThat(bench.blobs().keySet().stream()
                        .filter(name -> name.contains("/manifests/") && name.endsWith(".json")))
                .hasSize(removedBefore < 3 ? 2 : 1);
        assertEnds(0, bench.run("verify", "--read-data", "--vault", vault.uri().toString()));
    }
}
