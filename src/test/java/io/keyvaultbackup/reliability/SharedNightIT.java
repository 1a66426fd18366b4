package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.backup.TrainedProgram;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two to four processes of the packaged program share forty vaults, and one of them is killed at a random moment: the others take over what it had, at the
 * cost of a stage's threads plus one chunk of extra calls at each vault that it had at work, and of none at any other: with one vault at a time, as in the first round, of that in all. The moments follow from a seed ({@code -Dreliability.seed}).
 */
class SharedNightIT {

    private static final long SEED = Long.getLong("reliability.seed", System.nanoTime() & 0xffff_ffffL);
    private static final int THREADS = 4;
    private static final int CHUNK = 8;
    private static final int KILLED = 137;

    @TempDir
    private static Path shared;

    private static KeyVaultEmulator emulator;
    private static List<String> program;

    /** At how many vaults the killed processes of all rounds were at work. */
    private static int takenOver;

    @TempDir
    private Path directory;

    @BeforeAll
    static void prepare() throws IOException {
        System.out.println("SharedNightIT: -Dreliability.seed=" + SEED);
        emulator = KeyVaultEmulator.start();
        TrainedProgram apart = PackagedProgram.takenApart(shared);
        EmulatedVault vault = emulator.vault("learning");
        vault.secrets("app", 12);
        Bench.Result learned = new OwnProcess(shared, emulator, new Bench(shared, emulator))
                .of(apart.learning())
                .run("backup", "--json", "--vault", vault.uri().toString());
        assertThat(learned.exitCode()).as(learned.out() + learned.err()).isZero();
        program = apart.learned();
    }

    @AfterAll
    static void end() {
        emulator.close();
        assertThat(takenOver)
                .as("vaults that a killed process had, -Dreliability.seed=" + SEED
                        + ": where there is none in any round, nothing was taken over")
                .isPositive();
    }

    @RepeatedTest(3)
    void whatAKilledProcessHadIsTakenOverByTheOthers(RepetitionInfo repetition) throws Exception {
        // given a moment, counted in backup calls of all
        Random random = new Random(SEED + repetition.getCurrentRepetition());
        int processes = 1 + repetition.getCurrentRepetition();
        int atOnce = repetition.getCurrentRepetition() == 1 ? 1 : 2;
        SharedNight night = new SharedNight(Files.createDirectory(directory.resolve("night")), emulator, program, 60);
        long moment = 1L + random.nextInt((int) night.objects() * 3 / 4);
        AtomicLong calls = new AtomicLong();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        night.vaults()
                .forEach(vault -> vault.faults().on(Operation.BACKUP).always().before(() -> {
                    if (calls.incrementAndGet() >= moment) {
                        reached.countDown();
                        awaitQuietly(killed); // or all could be done before it is
                    }
                }));
        List<OwnProcess.Running> running = new ArrayList<>();
        for (int number = 0; number < processes; number++) {
            running.add(night.start(
                    "keyvault-backup.store.lease", "5s",
                    "keyvault-backup.threads", String.valueOf(THREADS),
                    "keyvault-backup.chunk", String.valueOf(CHUNK),
                    "keyvault-backup.vaults-at-once", String.valueOf(atOnce)));
        }

        // when
        assertThat(reached.await(2, TimeUnit.MINUTES)).isTrue();
        OwnProcess.Running victim = running.remove(random.nextInt(processes));
        victim.kill();
        Bench.Result dead = victim.await();
        Set<EmulatedVault> hit = night.claimedBy(victim);
        killed.countDown();
        takenOver += hit.size();
        List<Bench.Result> ended =
                running.stream().map(OwnProcess.Running::await).toList();

        // then
        String told = processes + " processes of " + atOnce + " vaults at a time, one killed at call " + moment + " of "
                + night.objects() + ": "
                + (night.backupCalls() - night.objects()) + " calls made again at " + hit.size()
                + " vaults that the killed one had";
        System.out.println("SharedNightIT: " + told);
        assertThat(dead.exitCode()).isEqualTo(KILLED);
        assertThat(ended)
                .allSatisfy(result -> assertThat(result.exitCode())
                        .as(told + result.out() + result.err())
                        .isZero());
        night.assertThatAllAgree();
        assertThat(hit).as(told).hasSizeLessThanOrEqualTo(atOnce);
        assertThat(night.backupCalls() - night.objects())
                .as(told + ", of a stage's threads and one chunk for each vault at a time")
                .isBetween(0L, (long) atOnce * (THREADS + CHUNK));
        assertThat(night.vaults())
                .allSatisfy(vault -> assertThat(night.madeAgain(vault))
                        .as(told + ", those at " + vault.uri())
                        .isBetween(0L, hit.contains(vault) ? THREADS + CHUNK : 0L));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
