package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.testservices.Azurite;
import io.keyvaultbackup.testservices.FaultyWay;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is asked to stop loses nothing, says so, and is finished by a relaunch. */
class StopTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";

    @BeforeEach
    void prepare() {
        bench.set("keyvault-backup.threads", "4");
    }

    @Test
    void whatIsUnderWayIsFinishedAndTheRelaunchDoesTheRest() {
        // given a stop in the middle of the backup
        vault.secrets("app", 60);
        StopSignal stop = bench.nextStop();
        vault.faults().on(Operation.BACKUP, "secret", "app000020").times(1).before(stop::give);

        // when
        Bench.Result stopped = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then what was called is recorded, and nothing is sealed
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.summary().path("status").asString()).isEqualTo("STOPPED");
        assertThat(stopped.summary().has("manifest")).isFalse();
        long done = java.util.Objects.requireNonNull(stopped.outcomes().get("BACKED_UP"));
        assertThat(stopped.outcomes()).isEqualTo(Map.of("BACKED_UP", done, "PENDING", 60 - done));
        assertThat(done).isBetween(17L, 32L);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(done);
        assertThat(bench.blobs()).hasSize((int) done);
        assertThat(bench.steps()).extracting(Bench.StepCounts::step).containsExactly("inventory", "reuse", "backup");
        assertThat(bench.steps().getLast().status()).isEqualTo("STOPPED");
        assertThat(bench.run("runs").out()).contains("STOPPED");

        // and when it is relaunched
        bench.nextStop();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 60L));
        assertThat(relaunch.summary().path("execution").asInt()).isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(60);
        assertThat(bench.blobs()).hasSize(61);
    }

    @Test
    void aListingThatWasStoppedIsNotTakenForComplete() {
        // given a stop after the first page
        vault.secrets("app", 60);
        StopSignal stop = bench.nextStop();
        vault.faults().on(Operation.LIST, "secret").times(1).after(stop::give);

        // when
        Bench.Result stopped = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.failures()).isEmpty();
        assertThat(stopped.summary().path("failures").asInt()).isZero();
        assertThat(stopped.summary().path("relaunch_may_help").asBoolean()).isTrue();
        assertThat(vault.requests().count(Operation.BACKUP)).isZero();
        assertThat(bench.jdbc()
                        .sql("SELECT COUNT(*) FROM ledger_listing")
                        .query(Long.class)
                        .single())
                .isZero();

        // and
        bench.nextStop();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 60L));
    }

    @Test
    void afterAStopNoFurtherVaultIsBegun() {
        // given
        EmulatedVault other = emulator.vault("never-begun");
        other.secret("app");
        vault.secrets("app", 3);
        bench.set("keyvault-backup.vaults-at-once", "1");
        StopSignal stop = bench.nextStop();
        vault.faults().on(Operation.BACKUP).times(1).before(stop::give);

        // when
        Bench.Result stopped = bench.run(
                "backup",
                "--json",
                "--vault",
                vault.uri().toString(),
                "--vault",
                other.uri().toString());

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.lines("summary")).hasSize(1);
        assertThat(other.requests().total()).isZero();
    }

    @Test
    void aStopIsHeardWhileTheStoreIsSilentDuringTheSeal() {
        // given a store that takes in every copy, and does not answer when it is given the manifest
        vault.secrets("app", 12);
        bench.with(FastTime.class);
        Azurite.Container container = Azurite.shared().newContainer();
        StopSignal stop = bench.nextStop();
        Bench.Result stopped;
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            bench.onContainer(container, "rcwl");
            bench.set("keyvault-backup.store.container-url", way.url() + "/" + container.name());
            way.next("PUT", "/manifests/", new FaultyWay.Fault.Silence(stop::give));

            // when
            stopped = bench.backUp(vault, "--scheduled-for", NIGHT);
            bench.set("keyvault-backup.store.container-url", container.url().toString());
        }

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.summary().path("status").asString()).isEqualTo("STOPPED");
        assertThat(stopped.summary().has("manifest")).isFalse();
        assertThat(stopped.outcomes()).isEqualTo(Map.of("BACKED_UP", 12L));
        assertThat(bench.steps().getLast().status()).isEqualTo("STOPPED");

        // and
        bench.nextStop();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 12L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(12);
    }

    @Test
    void aStopIsHeardWhileTheStoreIsSilentBeforeTheRunBegins() {
        // given
        vault.secrets("app", 12);
        bench.with(FastTime.class);
        Azurite.Container container = Azurite.shared().newContainer();
        StopSignal stop = bench.nextStop();
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            bench.onContainer(container, "rcwl");
            bench.set("keyvault-backup.store.container-url", way.url() + "/" + container.name());
            way.next("GET", new FaultyWay.Fault.Silence(stop::give));

            // when
            Bench.Result stopped = bench.backUp(vault, "--scheduled-for", NIGHT);

            // then
            assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
            assertThat(stopped.lines("error").getFirst().path("message").asString())
                    .contains("was stopped before this execution of it began")
                    .contains("keyvault-backup backup --vault " + vault.uri() + " --scheduled-for " + NIGHT);
            assertThat(vault.requests().total()).isZero();
        }
    }

    @Test
    void whatHearsNoStopIsEndedAfter20Seconds() throws Exception {
        // given a retry that asks a store, which does not answer, for the vault's latest run
        Azurite.Container container = Azurite.shared().newContainer();
        CountDownLatch asked = new CountDownLatch(1);
        try (FaultyWay way = new FaultyWay(Azurite.shared().accountUrl())) {
            bench.onContainer(container, "rcwl");
            bench.set("keyvault-backup.store.container-url", way.url() + "/" + container.name());
            way.next("GET", new FaultyWay.Fault.Silence(asked::countDown));
            OwnProcess.Running running = new OwnProcess(directory, emulator, bench)
                    .start("retry", "--vault", vault.uri().toString());
            asked.await();

            // when
            long told = System.nanoTime();
            running.terminate();
            Bench.Result ended = running.await();

            // then
            assertThat(Duration.ofNanos(System.nanoTime() - told)).isGreaterThanOrEqualTo(Duration.ofSeconds(20));
            assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(130);
            assertThat(ended.err()).contains("it did not end within 20 s of being stopped");
        }
    }

    @Test
    void peopleAreToldHowToContinue() {
        vault.secrets("app", 60);
        StopSignal stop = bench.nextStop();
        vault.faults().on(Operation.BACKUP).times(1).before(stop::give);

        Bench.Result stopped = bench.run("backup", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);

        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.out())
                .startsWith("Stopped before it was done")
                .contains("keyvault-backup backup --vault " + vault.uri() + " --scheduled-for " + NIGHT);
    }

    /** As an orchestrator tells it to end, and as Ctrl-C does. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void aTerminatedProcessEndsWith130AndTheRelaunchDoesTheRest(String signal) throws Exception {
        // given a process that is told to end in the middle of its backup, and that ignores neither signal from its
        // start
        vault.secrets("app", 60);
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch signalled = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP, "secret", "app000020").times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(signalled);
        });
        OwnProcess program = new OwnProcess(directory, emulator, bench).hearingCtrlC();

        // when
        OwnProcess.Running running =
                program.start("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
        inTheMiddle.await();
        assertThat(ignored(running.process().pid(), signal)).isFalse();
        assertThat(new ProcessBuilder(
                                "kill",
                                "-" + signal,
                                String.valueOf(running.process().pid()))
                        .start()
                        .waitFor())
                .isZero();
        signalled.countDown();
        Bench.Result stopped = running.await();

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.summary().path("status").asString()).isEqualTo("STOPPED");
        long called = vault.requests().count(Operation.BACKUP);
        assertThat(stopped.outcomes()).isEqualTo(Map.of("BACKED_UP", called, "PENDING", 60 - called));

        // and
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);
        assertThat(relaunch.exitCode()).as(relaunch.out() + relaunch.err()).isZero();
        assertThat(relaunch.outcomes()).isEqualTo(Map.of("BACKED_UP", 60L));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(60);
    }

    @Test
    void aCallThatNeverEndsIsAbandonedWhenItHasHadItsTimeAndTheProcessSaysThatItStopped() throws Exception {
        // given
        vault.secrets("app", 3);
        bench.set("keyvault-backup.threads", "1").set("keyvault-backup.azure.response-timeout", "5m");
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP).skip(1).times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(never);
        });
        OwnProcess.Running running = new OwnProcess(directory, emulator, bench)
                .start("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
        inTheMiddle.await();

        // when it is asked once
        long told = System.nanoTime();
        running.terminate();
        Bench.Result stopped = running.await();
        never.countDown();

        // then it ended by itself, and in an orderly way
        assertThat(Duration.ofNanos(System.nanoTime() - told)).isGreaterThanOrEqualTo(Duration.ofSeconds(15));
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.summary().path("status").asString()).isEqualTo("STOPPED");
        assertThat(stopped.outcomes()).isEqualTo(Map.of("BACKED_UP", 1L, "PENDING", 2L));
        assertThat(stopped.err()).doesNotContain("did not end within");
    }

    @Test
    void aSignalDuringTheStartIsHeardToo() throws Exception {
        // given a process that waits for the rest of its configuration
        vault.secrets("app", 60);
        Path configuration = directory.resolve("application.properties");
        assertThat(new ProcessBuilder("mkfifo", configuration.toString())
                        .start()
                        .waitFor())
                .isZero();
        OwnProcess.Running running = new OwnProcess(directory, emulator, bench)
                .start("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
        CompletableFuture<OutputStream> rest = CompletableFuture.supplyAsync(() -> opened(configuration));
        CompletableFuture.anyOf(rest, running.process().onExit()).join();
        assertThat(rest).as("the process reads it").isDone();

        // when
        running.terminate();
        rest.join().close();
        Bench.Result stopped = running.await();

        // then nothing was begun, and it ended by itself
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(stopped.err()).doesNotContain("did not end within");
        assertThat(vault.requests().total()).isZero();
        assertThat(bench.blobs()).isEmpty();
    }

    @Test
    void aSecondSignalEndsTheProcessAtOnce() throws Exception {
        // given a call that never ends
        vault.secret("app");
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP).times(1).before(() -> {
            inTheMiddle.countDown();
            awaitQuietly(never);
        });
        OwnProcess.Running running = new OwnProcess(directory, emulator, bench)
                .start("backup", "--json", "--vault", vault.uri().toString());
        inTheMiddle.await();

        // when
        running.terminate();
        while (running.process().isAlive()) { // the first may not have been heard yet, and two that wait are one
            running.terminate();
            Thread.onSpinWait();
        }

        // then nothing was said any more
        Bench.Result ended = running.await();
        never.countDown();
        assertThat(ended.exitCode()).isEqualTo(130);
        assertThat(ended.lines("summary")).isEmpty();
    }

    /** Whether a process ignores that signal, as those do that a shell starts in its background: then Java installs no handler. */
    private static boolean ignored(long process, String signal) throws IOException {
        String status = Files.readString(Path.of("/proc/" + process + "/status"));
        Matcher mask = Pattern.compile("SigIgn:\\s*([0-9a-f]+)").matcher(status);
        assertThat(mask.find()).isTrue();
        int number = signal.equals("INT") ? 2 : 15;
        return (Long.parseUnsignedLong(mask.group(1), 16) >> (number - 1) & 1) == 1;
    }

    /** Waits until somebody reads. */
    private static OutputStream opened(Path pipe) {
        try {
            return Files.newOutputStream(pipe);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
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
