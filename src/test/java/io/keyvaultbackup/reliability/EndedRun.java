package io.keyvaultbackup.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.backup.OwnProcess;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Fault;
import io.keyvaultbackup.emulator.KeyVaultEmulator;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One run, in processes of its own, that are ended at given moments until it is let come to its end. Then everything has to agree, and
 * hardly anything to have been done twice.
 */
final class EndedRun {

    static final int THREADS = 4;

    private static final int CHUNK = 8;
    private static final int PAGE = 25;
    private static final Duration LATENCY = Duration.ofMillis(25);
    private static final Duration LISTING = Duration.ofMillis(60);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);
    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final int KILLED = 128 + 9;
    private static final int TERMINATED_UNHEARD = 128 + 15;
    private static final int INTERRUPTED = 130;
    private static final int HELD = 11;

    /** What is done to a process. */
    enum Way {
        KILL,
        TERMINATE,
        KILL_AND_DELETE_DATABASE
    }

    /** How long an undisturbed process takes, to aim by. */
    record Measured(Duration untilFirstCall, Duration afterLastCall) {}

    /**
     * A process that was ended before its time.
     *
     * @param signalled whether the signal still met it
     * @param took from the signal to its end
     */
    record Ended(Moment aimed, Moment.Phase hit, boolean signalled, int exitCode, Duration took) {

        /** All was done, and only the last words were missing: no reason to stop. */
        private boolean isCompleteAllTheSame(Way way) {
            return way == Way.TERMINATE && signalled && exitCode == 0 && hit == Moment.Phase.END;
        }
    }

    /**
     * What became of it.
     *
     * @param missed moments for which the run was through too early
     */
    record Told(
            String run,
            String store,
            int objects,
            List<Ended> ended,
            List<Moment> missed,
            int launches,
            int held,
            long extraCalls) {}

    private final String name;
    private final Path directory;
    private final EmulatedVault vault;
    private final Fault listings;
    private final Fault others;
    private final Bench bench;
    private final Shelf shelf;
    private final OwnProcess program;
    private final int pages;
    private final int objects;
    private int launches;
    private int held;

    EndedRun(
            String name,
            Path parent,
            KeyVaultEmulator emulator,
            List<String> program,
            Function<Bench, ? extends Shelf> store,
            int secrets) {
        this.name = name;
        try {
            this.directory = Files.createDirectory(parent.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        this.vault = emulator.vault(VaultSettings.of(name).withLatency(LATENCY).withPageSize(PAGE));
        vault.secrets("app", secrets);
        vault.key("signing");
        vault.key("wrapping");
        vault.certificate("site");
        this.pages = secrets / PAGE + 3;
        this.objects = (int)
                vault.objects().stream().filter(object -> !object.managed()).count();
        this.listings = vault.faults().on(Operation.LIST).delay(LISTING);
        this.others = vault.faults().onAny().before(() -> {});
        this.bench = new Bench(directory, emulator)
                .set("keyvault-backup.threads", String.valueOf(THREADS))
                .set("keyvault-backup.chunk", String.valueOf(CHUNK))
                .set("keyvault-backup.overlap-from", Math.floorMod(name.hashCode(), 2) == 0 ? "1" : "500");
        this.shelf = store.apply(bench);
        this.program = new OwnProcess(directory, emulator, bench).of(program);
    }

    private OwnProcess.Running launch() {
        launches++;
        return program.start("backup", "--json", "--vault", vault.uri().toString(), "--scheduled-for", NIGHT);
    }

    /** Lets it come to its end undisturbed. */
    Measured measure() {
        CompletableFuture<Long> firstCall = new CompletableFuture<>();
        CompletableFuture<Long> lastCall = new CompletableFuture<>();
        vault.faults().onAny().times(1).before(() -> firstCall.complete(System.nanoTime()));
        vault.faults()
                .on(Operation.BACKUP)
                .skip(objects - 1)
                .times(1)
                .after(() -> lastCall.complete(System.nanoTime()));
        long began = System.nanoTime();
        OwnProcess.Running running = launch();
        long ended =
                running.process().onExit().thenApply(gone -> System.nanoTime()).join();
        Bench.Result result = running.await();
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertAgreement();
        return new Measured(Duration.ofNanos(firstCall.join() - began), Duration.ofNanos(ended - lastCall.join()));
    }

    Told endAt(List<Moment> moments, Way way, Measured measured) throws InterruptedException {
        List<Ended> ended = new ArrayList<>();
        List<Moment> missed = new ArrayList<>(moments);
        boolean complete = false;
        while (!complete && !missed.isEmpty()) {
            Ended one = endAt(missed.getFirst(), way, measured);
            complete = one.exitCode() == 0;
            if (one.exitCode() == HELD) {
                theDeadOneHoldsTheVault(ended);
            } else if (!complete || one.isCompleteAllTheSame(way)) {
                assertEndedSo(one, way);
                missed.removeFirst();
                ended.add(one);
                if (way == Way.KILL_AND_DELETE_DATABASE) {
                    deleteDatabase();
                }
            }
        }
        while (!complete) {
            Bench.Result relaunch = launch().await();
            assertThat(relaunch.err()).doesNotContain("\tat ");
            if (relaunch.exitCode() == HELD) {
                theDeadOneHoldsTheVault(ended);
            } else {
                assertThat(relaunch.exitCode())
                        .as(name + " after " + ended + ": " + relaunch.out() + relaunch.err())
                        .isZero();
                complete = true;
                endLeaseOfADeadOne(relaunch);
            }
        }
        assertAgreement();
        long extra = vault.requests().count(Operation.BACKUP) - objects;
        assertThat(extra).as(name + " after " + ended).isBetween(0L, mostExtra(way, ended));
        return new Told(name, shelf.word(), objects, ended, missed, launches, held, extra);
    }

    /**
     * What is stored is adopted, so all that can be lost is what is under way; what is stopped is not even that. The promise is a
     * chunk more.
     */
    private static long mostExtra(Way way, List<Ended> ended) {
        return way == Way.TERMINATE ? 0 : (long) THREADS * ended.size();
    }

    /** Who was killed after he had recorded the end may not have given the lease back, and who finds the run complete needs none. */
    private void endLeaseOfADeadOne(Bench.Result ended) {
        if (ended.exitCode() == 0 && ended.summary().path("already_complete").asBoolean()) {
            shelf.endLease();
        }
    }

    private void theDeadOneHoldsTheVault(List<Ended> ended) {
        held++;
        assertThat(ended).as(name + " is held, and nobody was ended before").isNotEmpty();
        shelf.endLease();
    }

    private static void assertEndedSo(Ended one, Way way) {
        if (way != Way.TERMINATE) {
            assertThat(one.exitCode()).as(one.toString()).isEqualTo(KILLED);
            return;
        }
        // before the program's first line nobody hears the signal, and nothing has begun
        boolean unheard = one.exitCode() == TERMINATED_UNHEARD && one.hit() == Moment.Phase.START;
        assertThat(unheard || one.isCompleteAllTheSame(way) ? INTERRUPTED : one.exitCode())
                .as(one.toString())
                .isEqualTo(INTERRUPTED);
        assertThat(one.took()).isLessThan(LONGEST_STOP);
    }

    private Ended endAt(Moment moment, Way way, Measured measured) throws InterruptedException {
        long listed = listings.hits();
        long called = others.hits();
        OwnProcess.Running running = launch();
        boolean signalled = reach(moment, running.process(), measured);
        long at = System.nanoTime();
        if (signalled) {
            if (way == Way.TERMINATE) {
                running.terminate();
            } else {
                running.kill();
            }
        }
        Bench.Result result = running.await();
        Duration took = Duration.ofNanos(System.nanoTime() - at);
        assertThat(result.err()).doesNotContain("\tat ");
        endLeaseOfADeadOne(result);
        Moment.Phase hit = phase(listings.hits() - listed, others.hits() - called);
        int exitCode = signalled && way == Way.TERMINATE && isUnheardByAVirtualMachine(result)
                ? TERMINATED_UNHEARD
                : result.exitCode();
        if (!List.of(0, HELD, KILLED, INTERRUPTED, TERMINATED_UNHEARD).contains(exitCode)) {
            throw new AssertionError(name + " was ended at " + moment + " with " + result);
        }
        return new Ended(moment, hit, signalled, exitCode, took);
    }

    /** A JVM that is told to end in its very last step of starting fails that step: "Bad level: 3" (seen with 25.0.3). */
    private static boolean isUnheardByAVirtualMachine(Bench.Result result) {
        return result.exitCode() == 1
                && result.out().startsWith("Error occurred during initialization of VM")
                && result.out().contains("Bad level");
    }

    /** Where a process was that made so many calls. */
    private Moment.Phase phase(long listed, long called) {
        if (called == 0) {
            return Moment.Phase.START;
        }
        if (called == listed) {
            return Moment.Phase.INVENTORY;
        }
        return stored() < objects ? Moment.Phase.BACKUP : Moment.Phase.END;
    }

    /** Waits until then; false if the process has ended by itself before. */
    private boolean reach(Moment moment, Process process, Measured measured) throws InterruptedException {
        int left = objects - stored();
        return switch (moment.phase()) {
            case START -> reachAfter(part(measured.untilFirstCall(), moment.fraction()), process);
            case INVENTORY -> reachCall(Operation.LIST, pages * moment.fraction(), process, LATENCY.plus(LISTING));
            case BACKUP ->
                left == 0
                        ? reachAfter(measured.untilFirstCall(), process)
                        : reachCall(Operation.BACKUP, left * moment.fraction(), process, LATENCY.multipliedBy(2));
            case END ->
                (left == 0 || reachCall(Operation.BACKUP, left - 1, process, Duration.ZERO))
                        && reachAfter(
                                part(measured.afterLastCall(), moment.fraction())
                                        .plus(left == 0 ? measured.untilFirstCall() : LATENCY),
                                process);
        };
    }

    private static boolean reachAfter(Duration wait, Process process) throws InterruptedException {
        return !process.waitFor(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The call after so many, and the rest of that number as a part of what a call takes. */
    private boolean reachCall(Operation operation, double calls, Process process, Duration aCall)
            throws InterruptedException {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        Fault hook = vault.faults().on(operation).skip((int) calls).times(1).before(() -> reached.complete(true));
        try {
            boolean first = CompletableFuture.anyOf(reached, process.onExit()).join() instanceof Boolean;
            return first && reachAfter(part(aCall, calls - (int) calls), process);
        } finally {
            hook.cancel();
        }
    }

    private static Duration part(Duration whole, double fraction) {
        return Duration.ofNanos((long) (whole.toNanos() * fraction));
    }

    /** How many objects have a copy. */
    private int stored() {
        return (int) shelf.names().stream()
                .filter(blob -> !blob.contains("/manifests/"))
                .map(blob -> blob.replaceFirst("\\.\\d+$", ""))
                .distinct()
                .count();
    }

    private void assertAgreement() {
        new Agreement(bench.jdbc(), shelf.kept(), vault, Instant.parse(NIGHT)).assertHolds();
    }

    private void deleteDatabase() {
        Path data = directory.resolve("data");
        if (Files.notExists(data)) {
            return; // it was ended before it made one
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
