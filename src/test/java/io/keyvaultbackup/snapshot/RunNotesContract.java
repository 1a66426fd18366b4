package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoredBlob;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** What many processes at once make of the notes on runs, in every store. */
public abstract class RunNotesContract {

    private static final SnapshotNames NIGHT = new SnapshotNames("team-a.vault.azure.net", "20261124T030000Z-4f2a9c");
    private static final Instant NOW = Instant.parse("2026-11-24T03:00:07Z");
    private static final UUID UID = UUID.fromString("0f4c9d2e-5a31-4b7c-9c68-2d1e7a90b3f4");
    private static final int AT_ONCE = 8;

    private BackupStore store;

    /** A store that is new and empty, another one for each test. */
    protected abstract BackupStore store();

    @SuppressWarnings("NullAway.Init") // JUnit calls begin()
    protected RunNotesContract() {}

    @BeforeEach
    void begin() {
        store = store();
    }

    private JobTimes timesAt(Instant now) {
        return new JobTimes(beans().getBeanProvider(BackupStore.class), InstantSource.fixed(now), Stopwatch.system());
    }

    private RunStops stops() {
        return new RunStops(beans().getBeanProvider(BackupStore.class), InstantSource.fixed(NOW), Stopwatch.system());
    }

    private StaticListableBeanFactory beans() {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("store", store);
        return beans;
    }

    @Test
    void podsThatBeginAtOnceAgreeOnTheTimeOfTheirJob() throws Exception {
        List<Instant> times = atOnce(pod -> timesAt(NOW.plusSeconds(pod)).of("by-hand", UID));

        assertThat(times).hasSize(AT_ONCE).containsOnly(times.getFirst());
        assertThat(timesAt(NOW.plusSeconds(3600)).of("by-hand", UID)).isEqualTo(times.getFirst());
        assertThat(names("jobs/"))
                .contains("jobs/" + UID + ".json", SnapshotNames.jobAt(times.getFirst()))
                .hasSizeBetween(2, 1 + AT_ONCE); // by each pod's clock it is another second
    }

    @Test
    void ofManyWhoStopARunAtOnceOneIsWrittenDown() throws Exception {
        List<StopNote> notes = atOnce(operator -> stops().stop(NIGHT, "reason " + operator));

        assertThat(notes).hasSize(AT_ONCE).containsOnly(notes.getFirst());
        assertThat(stops().inForce(NIGHT)).contains(notes.getFirst());
        assertThat(names(NIGHT.stops())).containsExactly(NIGHT.stop(1));
    }

    @Test
    void whoGoesOnTakesBackWhatWasStoppedBeforeAndNothingElse() {
        stops().goOn(NIGHT);
        assertThat(names(NIGHT.stops())).isEmpty();

        stops().stop(NIGHT, null);
        stops().goOn(NIGHT);
        stops().goOn(NIGHT);
        assertThat(stops().inForce(NIGHT)).isEmpty();
        assertThat(names(NIGHT.stops())).containsExactly(NIGHT.stop(1), NIGHT.stop(2));

        StopNote again = stops().stop(NIGHT, "once more");
        assertThat(again.number()).isEqualTo(3);
        assertThat(stops().inForce(NIGHT)).contains(again);
    }

    @Test
    void aStopOfOneRunIsNoneOfAnother() {
        stops().stop(NIGHT, null);

        assertThat(stops().inForce(new SnapshotNames(NIGHT.vault(), "20261125T030000Z-111111")))
                .isEmpty();
        assertThat(stops().inForce(new SnapshotNames("team-b.vault.azure.net", NIGHT.snapshot())))
                .isEmpty();
    }

    /** The tenth comes after the ninth, though not as text. */
    @Test
    void theHighestNumberCounts() {
        for (int change = 1; change <= 5; change++) {
            stops().stop(NIGHT, null);
            stops().goOn(NIGHT);
        }

        assertThat(stops().inForce(NIGHT)).isEmpty();
        assertThat(stops().stop(NIGHT, null).number()).isEqualTo(11);
    }

    private List<String> names(String prefix) {
        try (Stream<StoredBlob> blobs = store.listNames(prefix)) {
            return blobs.map(StoredBlob::name).toList();
        }
    }

    private interface One<T> {
        T by(int number);
    }

    private static <T> List<T> atOnce(One<T> what) throws Exception {
        CyclicBarrier start = new CyclicBarrier(AT_ONCE);
        List<Future<T>> tries = new ArrayList<>();
        List<T> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int one = 0; one < AT_ONCE; one++) {
                int number = one;
                Callable<T> call = () -> {
                    start.await();
                    return what.by(number);
                };
                tries.add(threads.submit(call));
            }
            for (Future<T> tried : tries) {
                all.add(tried.get());
            }
        }
        return all;
    }
}
