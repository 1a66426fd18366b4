package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.testservices.ImmutableStorage;
import io.keyvaultbackup.testservices.StorageRight;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Forgetting where the store keeps versions and locks them; seen at the stand-in only. */
class ForgetImmutableTest extends EmulatedVaultTest {

    private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);
    private static final InstantSource CLOCK = () -> Instant.now().plus(AHEAD.get());

    private final ImmutableStorage storage = new ImmutableStorage(CLOCK);

    @TestConfiguration(proxyBeanMethods = false)
    static class OneClock {
        @Bean
        @Primary
        InstantSource oneClock() {
            return CLOCK;
        }
    }

    @AfterEach
    void close() {
        storage.close();
    }

    private Bench.Result forget() {
        bench.onContainer(
                storage.connectionString(
                        StorageRight.ADD, StorageRight.READ, StorageRight.DELETE, StorageRight.DELETE_VERSION),
                storage.container());
        Bench.Result result = bench.run(
                "forget", "--json", "--keep-last", "1", "--vault", vault.uri().toString());
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result;
    }

    private List<String> versions() {
        return storage
                .owner()
                .listBlobs(new ListBlobsOptions().setDetails(new BlobListDetails().setRetrieveVersions(true)), null)
                .stream()
                .map(BlobItem::getName)
                .toList();
    }

    @Test
    void whatIsLockedStaysUntilItsTimeAndThenGoesWithAllItsVersions() {
        // given three nights, each locked for two days
        bench.with(OneClock.class).set("keyvault-backup.refresh-days", "0");
        bench.onContainer(storage.connectionString(StorageRight.ADD, StorageRight.READ), storage.container());
        vault.secrets("app", 2);
        for (int night = 1; night <= 3; night++) {
            Bench.Result backup =
                    bench.backUp(vault, "--scheduled-for", "2026-01-0" + night + "T03:00:00Z", "--immutable-for", "2d");
            assertThat(backup.exitCode()).as(backup.out() + backup.err()).isZero();
            vault.rotate("secret", "app000001");
        }
        int before = versions().size();

        // when
        Bench.Result locked = forget();

        // then
        assertThat(locked.summary().path("snapshots_removed").asInt()).isZero();
        assertThat(locked.out()).contains("\"locked until ");
        assertThat(versions()).hasSize(before);

        // and once their time has come
        AHEAD.set(Duration.ofDays(3));
        Bench.Result gone = forget();
        assertThat(gone.summary().path("snapshots_removed").asInt()).isEqualTo(2);
        assertThat(gone.summary().path("blobs_removed").asLong()).isPositive();
        assertThat(versions().stream().filter(name -> name.contains("/manifests/")))
                .hasSize(1);
        Bench.Result verified = bench.run(
                "verify", "--json", "--read-data", "--vault", vault.uri().toString());
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        assertThat(verified.summary().path("forgotten").asInt()).isEqualTo(2);
    }
}
