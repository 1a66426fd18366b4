package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Whatever fails, a run ends honestly and relaunches finish it: random schedules of faults over random vaults. {@code
 * -Dreliability.schedules=N} runs so many, {@code -Psoak} 1,000; {@code -Dreliability.seed=N} one schedule, or so many from this one on.
 */
class FaultScheduleTest {

    private static final int SCHEDULES = 200;
    private static final int SCHEDULES_OF_A_SOAK = 1_000;

    /** So many launches at a time: one waits where another works. */
    private static final int SIDE_BY_SIDE = 2;

    private static final String LOGGING = LoggingSystem.SYSTEM_PROPERTY;

    @TempDir
    private Path directory;

    /** Each start would set up the process's one logging system anew, which takes time, and which two at once must not do. */
    @BeforeAll
    static void leaveLoggingAlone() {
        System.setProperty(LOGGING, LoggingSystem.NONE);
        root().setLevel(Level.OFF); // every fault is logged somewhere, with its stack
    }

    @AfterAll
    static void giveLoggingBack() {
        System.clearProperty(LOGGING);
        root().setLevel(Level.WARN);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Test
    void whateverFailsRelaunchesFinishTheRunAndEverythingAgrees() throws Exception {
        // given
        Long one = Long.getLong("reliability.seed");
        boolean soak = Boolean.getBoolean("reliability.soak");
        int number = Integer.getInteger("reliability.schedules", soak ? SCHEDULES_OF_A_SOAK : SCHEDULES);
        long first = ThreadLocalRandom.current().nextLong(100_000_000) * Surroundings.SCHEDULES;
        List<Long> seeds = one != null
                ? LongStream.range(one, one + Integer.getInteger("reliability.schedules", 1))
                        .boxed()
                        .toList()
                : LongStream.range(first, first + number).boxed().toList();
        System.out.println("FaultScheduleTest: -Dreliability.seed=" + seeds.getFirst() + " -Dreliability.schedules="
                + seeds.size());
        long begin = System.nanoTime();

        // when
        List<ScheduleGroup.Result> results = runAll(seeds);

        // then
        ScheduleReport report = new ScheduleReport(results, Duration.ofNanos(System.nanoTime() - begin));
        System.out.println(report.text());
        report.write(Path.of("target", "reliability"));
        assertThat(report.failures()).as(report.text()).isEmpty();
        assertThat(results).hasSize(seeds.size());
        if (seeds.size() >= SCHEDULES) { // fewer need not have groups of all sorts
            assertThat(ScheduleGroup.met(results))
                    .as(report.text())
                    .containsOnlyKeys(Misfortune.values())
                    .doesNotContainValue(0L);
        }
    }

    private List<ScheduleGroup.Result> runAll(List<Long> seeds) throws InterruptedException, ExecutionException {
        Map<Long, List<Long>> groups = new TreeMap<>();
        seeds.forEach(seed -> groups.computeIfAbsent(Surroundings.of(seed).group(), any -> new ArrayList<>())
                .add(seed));
        List<ScheduleGroup.Result> results = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(SIDE_BY_SIDE)) {
            List<Future<List<ScheduleGroup.Result>>> running = groups.values().stream()
                    .map(group -> workers.submit(() -> run(group)))
                    .toList();
            for (Future<List<ScheduleGroup.Result>> future : running) {
                results.addAll(future.get());
            }
        }
        return results;
    }

    private List<ScheduleGroup.Result> run(List<Long> seeds) throws IOException {
        Surroundings surroundings = Surroundings.of(seeds.getFirst());
        Path place = Files.createDirectory(directory.resolve("group" + surroundings.group()));
        try (ScheduleGroup group = new ScheduleGroup(surroundings, place)) {
            return group.run(seeds);
        } catch (RuntimeException failed) {
            throw new AssertionError("the test itself failed with " + surroundings + ", seeds " + seeds, failed);
        }
    }
}
