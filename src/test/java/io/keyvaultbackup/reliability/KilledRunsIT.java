package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.TrainedProgram;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program ended at random moments of its runs, and relaunched until they are complete: nothing is lost, and hardly
 * anything done twice. The moments follow from a seed ({@code -Dreliability.seed}), as far as processes can be told when to be where.
 */
class KilledRunsIT {

    private static final long SEED = Long.getLong("reliability.seed", System.nanoTime() & 0xffff_ffffL);
    private static final boolean SOAK = Boolean.getBoolean("reliability.soak");
    private static final int IN_DIRECTORY = SOAK ? 92 : 22;
    private static final int IN_AZURITE = SOAK ? 8 : 3;

    /** As many as this project counts on having cores. */
    private static final int AT_A_TIME = 2;

    private static final int TRIES = 4;
    private static final int FEWEST_SECRETS = 40;
    private static final int MORE_SECRETS = 45;

    private static final KillsReport REPORT = new KillsReport(SEED);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    private static Path directory;

    private static KeyVaultEmulator emulator;
    private static List<String> program;
    private static EndedRun.Measured measured;

    @BeforeAll
    static void measure() throws IOException {
        System.out.println("KilledRunsIT: -Dreliability.seed=" + SEED);
        emulator = KeyVaultEmulator.start();
        TrainedProgram apart = PackagedProgram.takenApart(directory);
        run(new Random(SEED), apart.learning(), Shelf.InDirectory::of).measure();
        program = apart.learned();
        measured = run(new Random(SEED), program, Shelf.InDirectory::of).measure();
        System.out.println("KilledRunsIT: undisturbed " + measured);
    }

    @AfterAll
    static void report() throws IOException {
        emulator.close();
        REPORT.write();
    }

    private static EndedRun run(Random random, List<String> program, Function<Bench, ? extends Shelf> store) {
        return new EndedRun(
                "run" + NUMBER.incrementAndGet(),
                directory,
                emulator,
                program,
                store,
                FEWEST_SECRETS + random.nextInt(MORE_SECRETS));
    }

    @Test
    void whatIsKilledIsFinishedByItsRelaunch() throws Exception {
        assertFinishedAfter(EndedRun.Way.KILL);
    }

    @Test
    void whatIsTerminatedEndsInTimeAndIsFinishedByItsRelaunch() throws Exception {
        assertFinishedAfter(EndedRun.Way.TERMINATE);
    }

    @Test
    void whatIsKilledAndLosesItsDatabaseIsFinishedFromTheStore() throws Exception {
        assertFinishedAfter(EndedRun.Way.KILL_AND_DELETE_DATABASE);
    }

    private static void assertFinishedAfter(EndedRun.Way way) throws Exception {
        // given
        REPORT.begin(way);
        Random random = new Random(SEED ^ way.name().hashCode());

        // when each run is ended at its moments, and then agrees
        List<EndedRun.Told> told = new ArrayList<>();
        told.addAll(all(way, Moment.plan(IN_DIRECTORY, random), Shelf.InDirectory::of, random));
        told.addAll(all(way, Moment.plan(IN_AZURITE, random), Shelf.InAzurite::of, random));

        // then so many processes were ended, and everywhere
        List<EndedRun.Ended> ended =
                told.stream().flatMap(run -> run.ended().stream()).toList();
        Map<Moment.Phase, Integer> hit = new EnumMap<>(Moment.Phase.class);
        ended.forEach(one -> hit.merge(one.hit(), 1, Integer::sum));
        REPORT.add(way, told, hit);
        assertThat(ended).hasSize(IN_DIRECTORY + IN_AZURITE);
        assertThat(hit).containsOnlyKeys(Moment.Phase.values());
        REPORT.agreed(way);
    }

    /** All of them; for a moment that came too late another run is made, and the moment comes earlier. */
    private static List<EndedRun.Told> all(
            EndedRun.Way way, List<List<Moment>> plan, Function<Bench, ? extends Shelf> store, Random random)
            throws InterruptedException, ExecutionException {
        List<EndedRun.Told> told = new ArrayList<>();
        List<List<Moment>> next = plan;
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            for (int tries = 0; tries < TRIES && !next.isEmpty(); tries++) {
                List<Future<EndedRun.Told>> running = new ArrayList<>();
                for (List<Moment> moments : next) {
                    EndedRun run = run(random, program, store);
                    running.add(threads.submit(() -> run.endAt(moments, way, measured)));
                }
                next = new ArrayList<>();
                for (Future<EndedRun.Told> one : running) {
                    EndedRun.Told run = one.get();
                    told.add(run);
                    for (Moment missed : run.missed()) {
                        next.add(List.of(missed.earlier()));
                    }
                }
            }
        }
        return told;
    }
}
