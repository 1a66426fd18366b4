package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A process that dies in the middle of a run leaves nothing that the next launch does not continue; two never work on one vault. */
class CrashTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final int THREADS = 4;
    private static final int CHUNK = 8;

    @BeforeEach
    void prepare() {
        bench.set("keyvault-backup.threads", String.valueOf(THREADS))
                .set("keyvault-backup.chunk", String.valueOf(CHUNK))
                .set("keyvault-backup.store.lease", "2s");
    }

    /** Starts a run in a process of its own and kills it while the 40th backup call is under way. */
    private void killInTheMiddle() throws InterruptedException {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch dead = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP, "secret", "app000040").times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(dead);
        });
        OwnProcess.Running running = new OwnProcess(directory, emulator, bench)
                .start("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
        inTheMiddle.await();
        running.kill();
        running.await();
        dead.countDown();
    }

    /** Relaunches until the dead process's lease, of a second, has ended. */
    private Bench.Result relaunch() {
        Bench.Result relaunch;
        do {
            relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        } while (relaunch.exitCode() == 11);
        return relaunch;
    }

    @Test
    void afterAKillTheRelaunchDoesTheRestAndNothingTwice() throws Exception {
        // given
        vault.secrets("app", 100);
        killInTheMiddle();
        long before = vault.requests().count(Operation.BACKUP);

        // when
        Bench.Result relaunch = relaunch();

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 100L));
        assertThat(relaunch.summary().path("execution").asInt()).isEqualTo(2);
        assertThat(before).isBetween(37L, 48L);
        assertThat(vault.requests().count(Operation.BACKUP)).isBetween(100L, 100L + THREADS + CHUNK);
        assertAgreement(100);

        // and it is seen what became of the first
        Bench.Result runs =
                bench.run("runs", relaunch.summary().path("snapshot").asString());
        assertThat(runs.out()).contains("ABANDONED").contains("COMPLETE");
    }

    @Test
    void withTheDatabaseGoneAsWellTheStoreIsAskedWhatWasDone() throws Exception {
        // given
        vault.secrets("app", 100);
        vault.certificate("site");
        killInTheMiddle();
        long stored = bench.blobs().size();
        assertThat(stored).isBetween(30L, 48L);
        deleteDatabase();
        vault.requests().reset();

        // when
        Bench.Result relaunch = relaunch();

        // then what was stored is adopted, and only the rest is called
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 101L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(relaunch.summary().path("execution").asInt()).isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(101 - stored);
        assertThat(bench.blobs()).hasSize(101 + 1);
        assertAgreement(101);
    }

    @Test
    void aCopyOfAnObjectThatHasChangedSinceIsNotAdopted() throws Exception {
        // given what was stored before the kill, and then changed
        vault.secrets("app", 100);
        killInTheMiddle();
        deleteDatabase();
        vault.rotate("secret", "app000000");
        vault.requests().reset();

        // when
        Bench.Result relaunch = relaunch();

        // then
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "app000000"))
                .isEqualTo(1);
        byte[] copy = bench.blobs().entrySet().stream()
                .filter(blob -> blob.getKey().endsWith("/app000000.2"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        assertThat(vault.openBackup(copy).versions()).hasSize(2);
    }

    @Test
    void aSecondProcessIsToldWhoIsAtWorkAndCallsNobody() throws Exception {
        // given a run that is under way
        vault.secrets("app", 10);
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP).times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(goOn);
        });
        OwnProcess.Running first = new OwnProcess(directory, emulator, bench)
                .start("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
        inTheMiddle.await();
        long calls = vault.requests().total();

        // when another begins, with a database of its own and another scheduled time
        Bench.Result second = bench.set(
                        "keyvault-backup.data-directory",
                        directory.resolve("other-data").toString())
                .backUp(vault);

        // then
        assertThat(second.exitCode()).as(second.out() + second.err()).isEqualTo(11);
        assertThat(second.lines("error").getFirst().path("message").asString())
                .contains(vault.uri().getHost())
                .contains("process " + first.process().pid());
        assertThat(vault.requests().total() - calls).isLessThan(40);

        // and the first is not disturbed
        goOn.countDown();
        Bench.Result ended = first.await();
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.outcomes()).isEqualTo(Map.of("BACKED_UP", 10L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(10);
    }

    /** Every object of the manifest has its blob, whose bytes the emulator opens and finds to be that object. */
    private void assertAgreement(int objects) {
        Map<String, byte[]> blobs = bench.blobs();
        List<String> manifests = blobs.keySet().stream()
                .filter(name -> name.contains("/manifests/"))
                .toList();
        assertThat(manifests).hasSize(1);
        int copies = 0;
        for (JsonNode object : bench.manifest(manifests.getFirst()).path("objects")) {
            if (object.path("outcome").asString().equals("BACKED_UP")) {
                copies++;
                byte[] blob = Objects.requireNonNull(
                        blobs.get(object.path("blob").asString()), () -> "no blob for " + object);
                assertThat(vault.openBackup(blob).name())
                        .isEqualTo(object.path("name").asString());
            }
        }
        assertThat(copies).isEqualTo(objects);
    }

    private void deleteDatabase() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
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
