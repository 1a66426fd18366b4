package io.keyvaultbackup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.pacing.TestStopwatch;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.directory.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** A run is a vault and a second: Jobs by hand that begin within one second have runs of their own all the same. */
class JobTimesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00.7Z");
    private static final Instant SECOND = Instant.parse("2026-11-24T03:00:00Z");
    private static final UUID ONE = UUID.fromString("0f4c9d2e-5a31-4b7c-9c68-2d1e7a90b3f4");
    private static final UUID OTHER = UUID.fromString("7b1f6a52-90de-4c13-8f0e-55c0e4a1d2b7");

    @TempDir
    private Path directory;

    private BackupStore store;

    @BeforeEach
    void open() {
        store = new DirectoryStore(directory);
    }

    private JobTimes times() {
        return new JobTimes(
                new StaticListableBeanFactory(Map.of("store", store)).getBeanProvider(BackupStore.class),
                () -> NOW,
                new TestStopwatch());
    }

    private Path note(String name) {
        return directory.resolve("jobs").resolve(name + ".json");
    }

    @Test
    void twoJobsOfOneSecondHaveSecondsOfTheirOwnAndKeepThem() {
        Instant first = times().of("by-hand", ONE);
        Instant second = times().of("by-hand-too", OTHER);

        assertThat(first).isEqualTo(SECOND);
        assertThat(second).isEqualTo(SECOND.plusSeconds(1));
        assertThat(times().of("by-hand", ONE)).isEqualTo(first);
        assertThat(times().of("by-hand-too", OTHER)).isEqualTo(second);
    }

    @Test
    void podsThatBeginAtOneMomentAgreeWithinTheirJobAndWithNoOther() throws Exception {
        // given
        List<Future<Instant>> ofOne = new ArrayList<>();
        List<Future<Instant>> ofOther = new ArrayList<>();

        // when
        try (ExecutorService pods = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int pod = 0; pod < 12; pod++) {
                ofOne.add(pods.submit(() -> times().of("by-hand", ONE)));
                ofOther.add(pods.submit(() -> times().of("by-hand-too", OTHER)));
            }
        }

        // then
        assertThat(ofOne.stream().map(Future::resultNow).distinct()).hasSize(1);
        assertThat(ofOther.stream().map(Future::resultNow).distinct()).hasSize(1);
        assertThat(ofOne.getFirst().get()).isNotEqualTo(ofOther.getFirst().get());
    }

    @Test
    void aPodThatDiedBetweenItsTwoNotesCostsItsJobNoSecond() throws IOException {
        times().of("by-hand", ONE);
        Files.delete(note(ONE.toString()));

        assertThat(times().of("by-hand", ONE)).isEqualTo(SECOND);
    }

    @Test
    void aSecondOfWhichNobodyKnowsWhoseItIsIsNobodys() throws IOException {
        times().of("by-hand", ONE);
        Files.writeString(note("20261124T030000Z"), "{ cut off");

        assertThat(times().of("by-hand-too", OTHER)).isEqualTo(SECOND.plusSeconds(1));
    }

    @Test
    void whatANoteTellsIsBelievedUnderItsOwnNameAlone() throws IOException {
        times().of("by-hand", ONE);
        Files.copy(note(ONE.toString()), note(OTHER.toString()));

        assertThat(JobTimes.timeIn(store, "jobs/" + ONE + ".json")).hasValue(SECOND);
        assertThat(JobTimes.timeIn(store, "jobs/20261124T030000Z.json")).hasValue(SECOND);
        assertThat(JobTimes.timeIn(store, "jobs/" + OTHER + ".json")).isEmpty();
    }
}
