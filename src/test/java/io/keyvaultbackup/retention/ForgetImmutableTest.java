package io.keyvaultbackup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.testservices.ImmutableStorage;
import io.keyvaultbackup.testservices.StorageRight;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Forgetting where the store keeps versions and locks them; seen at the stand-in only. */
class ForgetImmutableTest extends EmulatedVaultTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LOCKED_FOR = Duration.ofDays(2);
    private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);
    private static final InstantSource CLOCK = () -> Instant.now().plus(AHEAD.get());

    /** How far the clock of the machine that forgets is ahead of the service's. */
    private static final AtomicReference<Duration> WRONG_BY = new AtomicReference<>(Duration.ZERO);

    private final ImmutableStorage storage = new ImmutableStorage(CLOCK);

    @TestConfiguration(proxyBeanMethods = false)
    static class OneClock {
        @Bean
        @Primary
        InstantSource oneClock() {
            return () -> CLOCK.instant().plus(WRONG_BY.get());
        }
    }

    @BeforeEach
    void setClocksRight() {
        AHEAD.set(Duration.ZERO);
        WRONG_BY.set(Duration.ZERO);
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

    private JsonNode json(String name) {
        return JSON.readTree(
                storage.owner().getBlobClient(name).downloadContent().toBytes());
    }

    private List<String> manifests() {
        return versions().stream().filter(SnapshotNames::isManifest).sorted().toList();
    }

    /** What is said of each snapshot that is locked, and what the store says until when its manifest is. */
    private Map<String, List<String>> lockedByTheStore(List<String> manifests) {
        Map<String, List<String>> locked = new TreeMap<>();
        for (String manifest : manifests) {
            Instant until = storage.owner()
                    .getBlobClient(manifest)
                    .getProperties()
                    .getImmutabilityPolicy()
                    .getExpiryTime()
                    .toInstant();
            assertThat(until)
                    .isBetween(
                            CLOCK.instant().plus(Duration.ofHours(47)),
                            CLOCK.instant().plus(LOCKED_FOR));
            locked.put(json(manifest).path("snapshot").asString(), List.of("locked until " + until));
        }
        return locked;
    }

    private static Map<String, List<String>> lockedAsSaid(Bench.Result forget) {
        Map<String, List<String>> locked = new TreeMap<>();
        for (JsonNode line : forget.lines("snapshot")) {
            List<String> reasons = line.path("reasons")
                    .valueStream()
                    .map(JsonNode::asString)
                    .filter(reason -> reason.startsWith("locked"))
                    .toList();
            if (!reasons.isEmpty()) {
                locked.put(line.path("snapshot").asString(), reasons);
            }
        }
        return locked;
    }

    /** The manifest itself, its copies, and the tombstones of all others. */
    private List<String> expectedVersions(String kept, List<String> all) {
        Stream<String> copies = json(kept)
                .path("objects")
                .valueStream()
                .map(object -> object.path("blob").asString());
        Stream<String> tombstones = all.stream()
                .filter(name -> !name.equals(kept))
                .map(name -> name.replace("/manifests/", "/tombstones/"));
        return Stream.of(Stream.of(kept), copies, tombstones)
                .flatMap(names -> names)
                .toList();
    }

    private void backUpThreeNightsEachLockedForTwoDays() {
        bench.with(OneClock.class).set("keyvault-backup.refresh-days", "0");
        bench.onContainer(storage.connectionString(StorageRight.ADD, StorageRight.READ), storage.container());
        vault.secrets("app", 2);
        for (int night = 1; night <= 3; night++) {
            Bench.Result backup =
                    bench.backUp(vault, "--scheduled-for", "2026-01-0" + night + "T03:00:00Z", "--immutable-for", "2d");
            assertThat(backup.exitCode()).as(backup.out() + backup.err()).isZero();
            vault.rotate("secret", "app000001");
        }
    }

    /** What is locked is so by the service's clock. */
    @Test
    void aClockThatIsFarAheadHidesNoNameOfWhatIsLockedAndSaysUntilWhenItIs() {
        // given
        backUpThreeNightsEachLockedForTwoDays();
        List<String> before = versions();
        List<String> names = names();
        List<String> manifests = manifests();

        // when
        WRONG_BY.set(Duration.ofDays(5));
        Bench.Result forget = forget();

        // then
        assertThat(names()).isEqualTo(names);
        assertThat(versions()).isEqualTo(before);
        assertThat(forget.summary().path("snapshots_removed").asInt()).isZero();
        assertThat(lockedAsSaid(forget)).isEqualTo(lockedByTheStore(manifests.subList(0, 2)));
    }

    private List<String> names() {
        return storage.owner().listBlobs().stream().map(BlobItem::getName).toList();
    }

    @Test
    void whatIsLockedStaysUntilItsTimeAndThenGoesWithAllItsVersions() {
        AHEAD.set(Duration.ofDays(-3)); // the Date that the stand-in's answers have is always today's
        backUpThreeNightsEachLockedForTwoDays();
        List<String> before = versions();
        List<String> manifests = manifests();
        assertThat(manifests).hasSize(3);

        // when
        Bench.Result locked = forget();

        // then
        assertThat(locked.summary().path("snapshots_removed").asInt()).isZero();
        assertThat(lockedAsSaid(locked)).isEqualTo(lockedByTheStore(manifests));
        assertThat(versions()).isEqualTo(before);

        // and once their time has come
        AHEAD.set(Duration.ZERO);
        Bench.Result gone = forget();
        assertThat(gone.summary().path("snapshots_removed").asInt()).isEqualTo(2);
        assertThat(gone.summary().path("blobs_removed").asLong()).isPositive();
        assertThat(versions())
                .as("of every blob")
                .containsExactlyInAnyOrderElementsOf(expectedVersions(manifests.getLast(), manifests));
        Bench.Result verified = bench.run(
                "verify", "--json", "--read-data", "--vault", vault.uri().toString());
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        assertThat(verified.summary().path("forgotten").asInt()).isEqualTo(2);
    }
}
