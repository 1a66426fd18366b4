package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.vault.VaultAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operator's stop of a night of many vaults is one of the whole night: the vaults that nobody has begun are not begun either, until it is retried. */
@Timeout(300)
class NightStopTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final String NIGHT_BEFORE = "2026-11-23T03:00:00Z";
    private static final long SECRETS = 5;

    /** At 40 ms each, one after another, some seconds: the stop is heard with the next renewal, within one. */
    private static final long MANY = 200;

    private List<EmulatedVault> vaults;
    private int disks;

    @BeforeEach
    void prepare() {
        bench.with(FastTime.class)
                .set("keyvault-backup.vaults-at-once", "1")
                .set("keyvault-backup.threads", "1")
                .set("keyvault-backup.store.lease", "1s");
        vaults = IntStream.range(0, 3)
                .mapToObj(number -> {
                    EmulatedVault made = emulator.vault("team-" + number);
                    made.secrets("app", (int) SECRETS);
                    return made;
                })
                .toList();
    }

    @Test
    void theVaultsThatAProcessAtWorkHasNotBegunAreNotBegun() {
        // given a stop from another machine, while the first of three vaults is backed up
        EmulatedVault first = vaults.getFirst();
        AtomicReference<Bench.Result> asked = new AtomicReference<>();
        first.secrets("many", (int) MANY);
        first.faults()
                .on(Operation.BACKUP)
                .times(1)
                .before(() -> asked.set(stop("--json", "--reason", "too many calls")));
        first.faults().on(Operation.BACKUP).always().delay(Duration.ofMillis(40));

        // when
        Bench.Result night = pod();

        // then
        assertEnds(0, asked.get());
        assertThat(asked.get().states())
                .isEqualTo(Map.of(
                        address(first), "STOPPED",
                        address(vaults.get(1)), "NOT_BEGUN",
                        address(vaults.get(2)), "NOT_BEGUN"));
        assertEnds(5, night);
        assertThat(night.lines("error"))
                .hasSize(3)
                .allSatisfy(
                        error -> assertThat(error.path("message").asString()).contains(", because too many calls"));
        assertThat(first.requests().count(Operation.BACKUP)).isBetween(1L, MANY - 1L);
        assertNothingIsAskedOfTheOthers();

        // and by a pod that starts later, on another disk
        long before = calls();
        assertEnds(5, pod());
        assertEnds(130, pod("--vault", address(vaults.get(2))));
        assertThat(calls()).isEqualTo(before);

        // and when it is retried, nothing is done twice
        first.faults().clear();
        Bench.Result retried = anywhere("retry", "--json");
        assertEnds(0, retried);
        assertThat(retried.lines("summary"))
                .hasSize(3)
                .allSatisfy(told ->
                        assertThat(told.path("scheduled_for").asString()).isEqualTo(NIGHT));
        assertEnds(0, pod());
        assertThat(vaults.stream().mapToLong(one -> one.requests().count(Operation.BACKUP)))
                .containsExactly(SECRETS + MANY, SECRETS, SECRETS);
    }

    /** Where the job database knows of earlier nights, the one that was stopped is the latest all the same, also of a vault that has not begun it. */
    @Test
    void aRetryBeginsTheNightThatWasStoppedAndNotTheOneBefore() {
        // given a night that is done, and the next, of which a drain has left two vaults
        String disk = disk();
        assertEnds(0, on(disk, "backup", "--json", "--scheduled-for", NIGHT_BEFORE));
        forgetCalls();
        drainedInTheFirstVault(disk);

        // when
        Bench.Result asked = stop("--json");
        Bench.Result again = stop("--json");

        // then
        assertEnds(0, asked);
        assertThat(asked.states().values()).containsExactlyInAnyOrder("STOPPED", "NOT_BEGUN", "NOT_BEGUN");
        assertEnds(0, again);
        assertThat(again.states().values()).containsOnly("ALREADY_STOPPED").hasSize(3);
        Bench.Result retried = on(disk, "retry", "--json");
        assertEnds(0, retried);
        assertThat(retried.lines("summary"))
                .hasSize(3)
                .allSatisfy(told ->
                        assertThat(told.path("scheduled_for").asString()).isEqualTo(NIGHT));
        assertThat(stop("--json").states().values()).containsOnly("COMPLETE");

        // and the next night is no part of it
        assertEnds(0, on(disk, "backup", "--json", "--scheduled-for", "2026-11-25T03:00:00Z"));
    }

    @Test
    void oneOfThemIsBegunByItselfAndTheRestStaysStopped() {
        // given
        drainedInTheFirstVault(disk());
        assertEnds(0, stop("--json"));
        EmulatedVault one = vaults.get(1);

        // when
        Bench.Result retried = in(disk(), List.of("retry", "--json", "--vault", address(one)));

        // then
        assertEnds(0, retried);
        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS);
        long before = calls();
        assertEnds(5, pod());
        assertThat(calls()).isEqualTo(before);
    }

    @Test
    void onlyVaultsThatAreNamedAreMeant() {
        drainedInTheFirstVault(disk());

        Bench.Result asked = in(disk(), List.of("stop", "--json", "--vault", address(vaults.getFirst())));

        assertEnds(0, asked);
        assertThat(asked.states()).isEqualTo(Map.of(address(vaults.getFirst()), "STOPPED"));
        assertEnds(5, pod());
        assertThat(vaults.subList(1, 3))
                .allSatisfy(one ->
                        assertThat(one.requests().count(Operation.BACKUP)).isEqualTo(SECRETS));
    }

    @Test
    void theNightOfAnIdIsStoppedAtThoseThatHaveNotBegunItToo() {
        drainedInTheFirstVault(disk());

        Bench.Result none = stop("--json", "--run", "20301124");
        Bench.Result asked = stop("--json", "--run", "20261124T03");

        assertEnds(10, none);
        assertThat(none.states().values()).containsOnly("NONE");
        assertEnds(0, asked);
        assertThat(asked.states().values()).containsExactlyInAnyOrder("STOPPED", "NOT_BEGUN", "NOT_BEGUN");
    }

    /** Whoever may add to the store may leave there what looks like a run of any time. */
    @Test
    void aNightThatIsStillToComeIsNoneThatIsStopped() {
        drainedInTheFirstVault(disk());
        assertEnds(
                0,
                in(
                        disk(),
                        List.of(
                                "backup",
                                "--json",
                                "--vault",
                                address(vaults.get(1)),
                                "--scheduled-for",
                                "2126-11-24T03:00:00Z")));
        leaveHolder(vaults.get(1), "2126-11-24T03:00:00Z");

        Bench.Result asked = stop("--json");

        assertThat(answers(asked, vaults.getFirst())).containsExactly("20261124T030000Z STOPPED");
        assertThat(answers(asked, vaults.get(1)))
                .containsExactly("21261124T030000Z COMPLETE", "20261124T030000Z NOT_BEGUN");
        assertThat(answers(asked, vaults.get(2))).containsExactly("20261124T030000Z NOT_BEGUN");
        assertEnds(5, pod());
        assertThat(vaults.get(1).requests().count(Operation.BACKUP)).isEqualTo(SECRETS);
    }

    /** Killed, or at a long night, or at a retry of an old run: its vault is to be kept from the night that it has not begun too. */
    @Test
    void aHolderOfTheNightBeforeKeepsItsVaultFromNoStopOfThisOne() {
        // given
        drainedInTheFirstVault(disk());
        leaveHolder(vaults.get(1), NIGHT_BEFORE);

        // when
        Bench.Result asked = stop("--json");

        // then
        assertEnds(0, asked);
        assertThat(answers(asked, vaults.get(1)))
                .containsExactly("20261123T030000Z STOPPED", "20261124T030000Z NOT_BEGUN");
        long before = calls();
        assertEnds(5, pod());
        assertThat(calls()).isEqualTo(before);
        assertThat(vaults.get(1).requests().total()).isZero();
    }

    @Test
    void aVaultIsCountedOnceHoweverManyOfItsRunsAreNotBegun() {
        drainedInTheFirstVault(disk());
        leaveHolder(vaults.get(1), NIGHT_BEFORE);

        Bench.Result asked = stop();

        assertEnds(0, asked);
        assertThat(asked.out().lines().filter(line -> line.contains(" was not begun, ")))
                .hasSize(4);
        assertThat(asked.out()).contains("Not begun: 3 vaults; ");
    }

    @Test
    void aVaultThatWasBackedUpByHandSinceIsKeptFromTheNightThatIsUnderWay() {
        // given a night at its first vault, while the second has had a later run
        EmulatedVault first = vaults.getFirst();
        EmulatedVault byHand = vaults.get(1);
        AtomicReference<Bench.Result> asked = new AtomicReference<>();
        first.faults().on(Operation.BACKUP).times(1).before(() -> asked.set(stop("--json")));
        assertEnds(
                0,
                in(
                        disk(),
                        List.of(
                                "backup",
                                "--json",
                                "--vault",
                                address(byHand),
                                "--scheduled-for",
                                "2026-11-24T04:00:00Z")));
        byHand.requests().reset();

        // when
        pod();

        // then
        assertEnds(0, asked.get());
        assertThat(answers(asked.get(), first))
                .containsExactly("20261124T030000Z STOPPED", "20261124T040000Z NOT_BEGUN");
        assertThat(answers(asked.get(), byHand))
                .containsExactly("20261124T030000Z NOT_BEGUN", "20261124T040000Z COMPLETE");
        assertThat(answers(asked.get(), vaults.get(2)))
                .containsExactly("20261124T030000Z NOT_BEGUN", "20261124T040000Z NOT_BEGUN");
        assertEnds(5, pod());
        assertNothingIsAskedOfTheOthers();

        // and that run is begun by its name alone
        Bench.Result plain = in(disk(), List.of("retry", "--json", "--vault", address(byHand)));
        assertEnds(0, plain);
        assertThat(byHand.requests().count(Operation.BACKUP)).isZero();
        Bench.Result named = in(disk(), List.of("retry", "--json", "--vault", address(byHand), "--run", "20261124T03"));
        assertEnds(0, named);
        assertThat(named.summary().path("scheduled_for").asString()).isEqualTo(NIGHT);
    }

    /** A lease keeps the latest numbers alone, and may have been begun anew. */
    @Test
    void aNightThatTheLeaseKnowsNothingOfIsToldAsTheStoreHasIt() {
        // given one vault that has completed it, and one that has begun it
        drainedInTheFirstVault(disk());
        assertEnds(0, pod("--vault", address(vaults.get(1))));
        vaults.get(2)
                .faults()
                .on(Operation.BACKUP, "secret", "app000001")
                .times(1)
                .forbid("ForbiddenByRbac");
        assertEnds(3, pod("--vault", address(vaults.get(2))));
        vaults.subList(1, 3)
                .forEach(one -> keepLease(
                        one, LeaseNote.NEW.heldBy(holder(one, NIGHT_BEFORE)).givenBack()));

        // when
        Bench.Result asked = stop("--json");

        // then
        assertEnds(0, asked);
        assertThat(vaults.stream().map(one -> answers(asked, one)))
                .containsExactly(
                        List.of("20261124T030000Z STOPPED"),
                        List.of("20261124T030000Z COMPLETE"),
                        List.of("20261124T030000Z STOPPED"));
    }

    /** As a laptop's, or one that was restored from a dump. */
    @Test
    void aRetryWithAnOldDatabaseDoesNotGoBackToANightThatWasStoppedBeforeOthersWereDone() {
        // given a database that knows of the night before, one of a night that was stopped, and a later one that is
        // done
        String old = disk();
        String other = disk();
        assertEnds(0, on(old, "backup", "--json", "--scheduled-for", NIGHT_BEFORE));
        drainedInTheFirstVault(other);
        assertEnds(0, stop("--json"));
        assertEnds(0, on(other, "backup", "--json", "--scheduled-for", "2026-11-25T03:00:00Z"));
        long before = calls();

        // when
        Bench.Result retried = on(old, "retry", "--json");

        // then
        assertKeepsToTheNightBefore(retried);
        assertThat(calls()).isEqualTo(before);
    }

    @Test
    void aRetryWithAnOldDatabaseKeepsToWhatItKnowsOnceTheLaterRunIsStoppedNoMore() {
        // given a night that was stopped, and retried elsewhere
        String old = disk();
        assertEnds(0, on(old, "backup", "--json", "--scheduled-for", NIGHT_BEFORE));
        drainedInTheFirstVault(disk());
        assertEnds(0, stop("--json"));
        assertEnds(0, anywhere("retry", "--json"));
        long before = calls();

        // when
        Bench.Result retried = on(old, "retry", "--json");

        // then
        assertKeepsToTheNightBefore(retried);
        assertThat(calls()).isEqualTo(before);
    }

    @Test
    void oneVaultIsKeptFromANightThatIsNamedWhole() {
        // given nobody who has begun it
        String one = address(vaults.get(1));

        // when
        Bench.Result start = in(disk(), List.of("stop", "--json", "--vault", one, "--run", "20261124T03"));
        Bench.Result whole = in(disk(), List.of("stop", "--json", "--vault", one, "--run", "20261124T030000Z"));
        Bench.Result toCome = in(disk(), List.of("stop", "--json", "--vault", one, "--run", "21261124T030000Z"));

        // then
        assertEnds(10, start);
        assertEnds(0, whole);
        assertThat(whole.states()).isEqualTo(Map.of(one, "NOT_BEGUN"));
        assertEnds(10, toCome);
        assertEnds(5, pod());
        assertThat(vaults.stream().mapToLong(made -> made.requests().count(Operation.BACKUP)))
                .containsExactly(SECRETS, 0L, SECRETS);
    }

    @Test
    void peopleAreToldHowManyAreNotBegun() {
        drainedInTheFirstVault(disk());

        Bench.Result asked = stop("--reason", "too slow");

        assertEnds(0, asked);
        assertThat(asked.out())
                .contains(address(vaults.getFirst()) + ": run 20261124T030000Z-")
                .contains(address(vaults.get(1)) + ": run 20261124T030000Z-")
                .contains(" was not begun, and nobody begins it until it is retried; it is stopped by ")
                .endsWith("Not begun: 2 vaults; 'keyvault-backup retry' begins, or goes on with, what is stopped."
                        + System.lineSeparator());
    }

    /** A pod that its node ends while it is at work on the first of the vaults. */
    private void drainedInTheFirstVault(String disk) {
        StopSignal signal = bench.nextStop();
        vaults.forEach(one -> one.faults().on(Operation.LIST).times(1).before(() -> {
            signal.give(); // whichever is the first
        }));
        assertEnds(130, on(disk, "backup", "--json", "--scheduled-for", NIGHT));
        bench.nextStop();
        EmulatedVault begun = vaults.stream()
                .filter(one -> one.requests().count(Operation.LIST) > 0)
                .findFirst()
                .orElseThrow();
        vaults = Stream.concat(Stream.of(begun), vaults.stream().filter(one -> one != begun))
                .toList();
        vaults.forEach(one -> one.faults().clear());
    }

    /** Somebody who did not give the vault back: the lease has ended, and nobody has taken it since. */
    private void leaveHolder(EmulatedVault vault, String night) {
        keepLease(vault, LeaseNote.NEW.heldBy(holder(vault, night)));
    }

    private static LeaseHolder holder(EmulatedVault vault, String night) {
        SnapshotId run = SnapshotId.of(VaultAddress.parse(address(vault)), Instant.parse(night));
        return new LeaseHolder("killed (process 7)", run.value(), 1, Instant.parse("2026-11-24T03:10:00Z"), "token");
    }

    private void keepLease(EmulatedVault vault, LeaseNote note) {
        Path lease = bench.store()
                .resolve(".leases")
                .resolve(VaultAddress.parse(address(vault)).storeName());
        try {
            Files.write(lease, note.bytes());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void forgetCalls() {
        vaults.forEach(one -> one.requests().reset());
    }

    private void assertNothingIsAskedOfTheOthers() {
        assertThat(vaults.subList(1, 3))
                .allSatisfy(one -> assertThat(one.requests().total()).isZero());
    }

    private long calls() {
        return vaults.stream().mapToLong(one -> one.requests().total()).sum();
    }

    private Bench.Result pod(String... which) {
        List<String> arguments = new ArrayList<>(List.of("backup", "--json", "--scheduled-for", NIGHT));
        arguments.addAll(List.of(which));
        return which.length > 0 ? in(disk(), arguments) : on(disk(), arguments.toArray(String[]::new));
    }

    private Bench.Result stop(String... more) {
        return anywhere(Stream.concat(Stream.of("stop"), Stream.of(more)).toArray(String[]::new));
    }

    private Bench.Result anywhere(String... arguments) {
        return on(disk(), arguments);
    }

    private Bench.Result on(String disk, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        vaults.forEach(one -> all.addAll(List.of("--vault", address(one))));
        return in(disk, all);
    }

    private Bench.Result in(String disk, List<String> arguments) {
        return bench.set("keyvault-backup.data-directory", disk).run(arguments.toArray(String[]::new));
    }

    private String disk() {
        Path disk = directory.resolve("disk-" + ++disks);
        return disk.toString();
    }

    private static String address(EmulatedVault vault) {
        return vault.uri().toString();
    }

    /** What was told of one vault: the run's time and its state. */
    private static List<String> answers(Bench.Result stop, EmulatedVault vault) {
        return stop.lines("summary").stream()
                .filter(told -> told.path("vault").asString().equals(address(vault)))
                .map(told -> told.path("snapshot").asString().split("-", -1)[0] + " "
                        + told.path("state").asString())
                .toList();
    }

    private static void assertKeepsToTheNightBefore(Bench.Result retried) {
        assertEnds(0, retried);
        assertThat(retried.lines("summary"))
                .hasSize(3)
                .allSatisfy(told ->
                        assertThat(told.path("scheduled_for").asString()).isEqualTo(NIGHT_BEFORE));
    }

    private static void assertEnds(int exitCode, Bench.Result result) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isEqualTo(exitCode);
    }
}
