package io.keyvaultbackup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.EmulatedObject;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Restores and drills whose process is killed at random moments, with and without their database, and launched again. */
class KilledRestoreTest extends EmulatedVaultTest {

    private static final int KILLS = Boolean.getBoolean("reliability.soak") ? 40 : 4;
    private static final int SECRETS = 30;
    private static final int THREADS = 4;
    private static final int CHUNK = 4;

    /** Where a restore may be: before it, in it, and in its proof. */
    private static final List<Operation> MOMENTS =
            List.of(Operation.LIST, Operation.RESTORE, Operation.RESTORE, Operation.RESTORE, Operation.VERSIONS);

    private void prepare() {
        vault.secrets("app", SECRETS);
        vault.key("signing");
        vault.certificate("site");
        bench.set("keyvault-backup.restore.threads", String.valueOf(THREADS))
                .set("keyvault-backup.restore.chunk", String.valueOf(CHUNK))
                .set("keyvault-backup.restore.budget", "100000")
                .set("keyvault-backup.store.lease", "2s");
        assertThat(bench.backUp(vault).exitCode()).isZero();
    }

    /** Starts it in a process of its own, and kills that while this call is under way; false if it ended before. */
    private boolean killedAt(EmulatedVault target, Operation operation, int after, String... arguments)
            throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch dead = new CountDownLatch(1);
        var fault = target.faults().on(operation).skip(after).times(1);
        fault.before(() -> {
            reached.countDown();
            awaitQuietly(dead);
        });
        OwnProcess.Running running = new OwnProcess(directory, emulator, bench).start(arguments);
        var _ = running.process().onExit().thenRun(reached::countDown);
        reached.await();
        boolean alive = running.process().isAlive();
        running.kill();
        running.await();
        dead.countDown();
        fault.cancel();
        return alive;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the dead process's lease, of a second, has ended. */
    private Bench.Result relaunch(String... arguments) {
        Bench.Result result;
        do {
            result = bench.run(arguments);
        } while (result.exitCode() == 11);
        return result;
    }

    private void loseTheDatabase() {
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Map<String, List<String>> versions(EmulatedVault vault) {
        Map<String, List<String>> versions = new TreeMap<>();
        for (EmulatedObject object : vault.objects()) {
            versions.put(object.kind() + "/" + object.name(), object.versions());
        }
        return versions;
    }

    @Test
    void aRelaunchEndsWithTheSameTargetWhereverItWasKilled() throws Exception {
        long seed = Long.getLong("restore.seed", System.nanoTime());
        Random random = new Random(seed);
        prepare();
        int killed = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            String what = "kill " + kill + " of -Drestore.seed=" + seed;
            EmulatedVault target = emulator.vault("target" + kill);
            String[] arguments = {
                "restore",
                "--from",
                vault.uri().toString(),
                "--to",
                target.uri().toString(),
                "--yes",
                "--json"
            };
            boolean withoutDatabase = kill % 3 == 2;

            // when
            Operation at = kill == 0 ? Operation.RESTORE : MOMENTS.get(random.nextInt(MOMENTS.size()));
            boolean alive = killedAt(target, at, random.nextInt(at == Operation.LIST ? 6 : SECRETS), arguments);
            killed += alive ? 1 : 0;
            if (withoutDatabase) {
                loseTheDatabase();
            }
            Bench.Result result = relaunch(arguments);

            // then
            assertThat(result.exitCode()).as(what + result.out()).isZero();
            assertThat(versions(target)).as(what).isEqualTo(versions(vault));
            assertThat(result.summary().path("status").asString()).as(what).isEqualTo("COMPLETE");
            assertThat(result.summary().path("differing").asInt()).as(what).isZero();
            assertThat(target.requests().count(Operation.RESTORE, 200)).as(what).isEqualTo(SECRETS + 2);
            assertThat(target.requests().count(Operation.RESTORE))
                    .as(what)
                    .isLessThanOrEqualTo(SECRETS + 2 + THREADS + CHUNK);
            if (alive && !withoutDatabase) {
                assertThat(result.summary().path("execution").asInt()).as(what).isEqualTo(2);
                assertThat(result.outcomes())
                        .as(what)
                        .isEqualTo(Map.of("RESTORED", SECRETS + 2L, "WITH_CERTIFICATE", 2L));
            }
        }
        assertThat(killed).isGreaterThanOrEqualTo(KILLS / 2);
    }

    @Test
    void theNextDrillRemovesWhatAKilledOneLeft() throws Exception {
        // given a drill that is killed in the middle
        prepare();
        EmulatedVault scratch = emulator.vault("scratch");
        String[] arguments = {
            "drill", "--from", vault.uri().toString(), "--to", scratch.uri().toString(), "--yes", "--json"
        };
        assertThat(killedAt(scratch, Operation.RESTORE, SECRETS / 2, arguments)).isTrue();
        assertThat(scratch.objects()).isNotEmpty();
        loseTheDatabase();

        // when
        Bench.Result result = relaunch(arguments);

        // then
        assertThat(result.exitCode()).as(result.out()).isZero();
        assertThat(result.outcomes()).isEqualTo(Map.of("REMOVED", SECRETS + 2L, "WITH_CERTIFICATE", 2L));
        assertThat(scratch.objects()).isEmpty();
        assertThat(scratch.requests().count(Operation.PURGE, 204))
                .isEqualTo(scratch.requests().count(Operation.RESTORE, 200));
    }

    @Test
    void twoRestoresIntoOneVaultDoNotOverlap() throws Exception {
        prepare();
        EmulatedVault target = emulator.vault("target");
        String[] arguments = {
            "restore", "--from", vault.uri().toString(), "--to", target.uri().toString(), "--yes"
        };
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        target.faults().on(Operation.RESTORE).skip(SECRETS / 2).times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(go);
        });
        OwnProcess.Running first = new OwnProcess(directory, emulator, bench).start(arguments);
        inTheMiddle.await();

        Bench.Result second = bench.run(arguments);
        Bench.Result backup = bench.backUp(target);

        go.countDown();
        assertThat(second.exitCode()).as(second.out() + second.err()).isEqualTo(11);
        assertThat(second.err()).contains("is being backed up, or restored into, by");
        assertThat(backup.exitCode()).isEqualTo(11);
        assertThat(first.await().exitCode()).isZero();
        assertThat(versions(target)).isEqualTo(versions(vault));
    }
}
