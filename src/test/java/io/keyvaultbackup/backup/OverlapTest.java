package io.keyvaultbackup.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.emulator.Fault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.emulator.VaultSettings;
import io.keyvaultbackup.reliability.Agreement;
import io.keyvaultbackup.run.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A large vault is backed up while it is listed, and listed again while it is backed up. */
class OverlapTest extends EmulatedVaultTest {

    private static final String NIGHT = "2026-11-24T03:00:00Z";
    private static final int OBJECTS = 400;
    private static final int PAGES = OBJECTS / 25;
    private static final String LAST = "app000399";
    private static final List<String> STEPS = List.of("inventory", "backup", "reuse", "closing", "settle", "seal");

    /** Whoever waits so long waits in vain. */
    private static final int IN_VAIN_SECONDS = 20;

    /** Something that is not to happen would have happened by then. */
    private static final long WHILE_MILLIS = 1_000;

    private final CountDownLatch listsAgain = new CountDownLatch(1);
    private final AtomicBoolean inVain = new AtomicBoolean();

    @BeforeEach
    void begin() {
        bench.set("keyvault-backup.overlap-from", "100");
    }

    private void await(CountDownLatch latch) {
        try {
            if (!latch.await(IN_VAIN_SECONDS, TimeUnit.SECONDS)) {
                inVain.set(true);
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private boolean hasListedAgainIn(long millis) {
        try {
            return listsAgain.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Holds the last object's backup until a page of the closing listing was answered; then this happens, and it is made. */
    private void holdUntilTheClosingListingHasBegun(Runnable then) {
        vault.faults().on(Operation.LIST, "secret").skip(PAGES).times(1).after(listsAgain::countDown);
        vault.faults().on(Operation.BACKUP, "secret", LAST).times(1).before(() -> {
            await(listsAgain);
            then.run();
        });
    }

    private List<String> steps() {
        return bench.steps().stream().map(Bench.StepCounts::step).toList();
    }

    private List<@Nullable String> exits(String step) {
        return bench.jdbc()
                .sql("SELECT EXIT_CODE FROM BATCH_STEP_EXECUTION WHERE STEP_NAME = ? ORDER BY STEP_EXECUTION_ID")
                .param(step)
                .query(String.class)
                .list();
    }

    private void assertComplete(Bench.Result result, Map<String, Long> outcomes) {
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(inVain).isFalse();
        assertThat(result.outcomes()).isEqualTo(outcomes);
        assertThat(result.summary().has("consistent_as_of")).as(result.out()).isTrue();
        Agreement.of(bench, vault, NIGHT).assertHolds();
    }

    @Test
    void isBackedUpWhileItIsListedAndListedAgainWhileItIsBackedUp() {
        // given a listing that waits for a backup, and a backup that waits for the closing listing
        vault.secrets("app", OBJECTS);
        CountDownLatch backsUp = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP).times(1).after(backsUp::countDown);
        vault.faults().on(Operation.LIST, "secret").skip(PAGES - 1).times(1).before(() -> await(backsUp));
        holdUntilTheClosingListingHasBegun(() -> {});

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then each is listed twice and copied once
        assertComplete(result, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(bench.steps())
                .containsExactlyInAnyOrder(
                        Bench.StepCounts.completed("inventory", OBJECTS),
                        Bench.StepCounts.completed("reuse", 0),
                        Bench.StepCounts.completed("backup", OBJECTS),
                        Bench.StepCounts.completed("closing", OBJECTS),
                        Bench.StepCounts.completed("settle", 0),
                        Bench.StepCounts.completed("seal", 0));
        assertThat(steps()).containsExactlyElementsOf(STEPS);
        assertThat(vault.requests().count(Operation.LIST)).isEqualTo(2 * (PAGES + 2));
        assertThat(vault.requests().count(Operation.VERSIONS)).isEqualTo(OBJECTS);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
        assertThat(result.summary().path("closing_listings").asInt()).isEqualTo(1);
    }

    @Test
    void aSmallerVaultIsListedThenBackedUpThenListedAgain() {
        // given
        bench.set("keyvault-backup.overlap-from", "500");
        vault.secrets("app", OBJECTS);
        AtomicLong listed = new AtomicLong();
        AtomicLong copied = new AtomicLong();
        vault.faults()
                .on(Operation.BACKUP)
                .times(1)
                .before(() -> listed.set(vault.requests().count(Operation.LIST)));
        vault.faults()
                .on(Operation.LIST, "secret")
                .skip(PAGES)
                .times(1)
                .before(() -> copied.set(vault.requests().count(Operation.BACKUP)));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertComplete(result, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(steps()).containsExactly("inventory", "reuse", "backup", "closing", "settle", "seal");
        assertThat(listed).hasValue(PAGES + 2);
        assertThat(copied).hasValue(OBJECTS);
    }

    @Test
    void whatChangesAfterItsCopyIsCopiedAnew() {
        // given an object that changes when it has been copied and before it is listed again
        vault.secrets("app", OBJECTS);
        holdUntilTheClosingListingHasBegun(() -> {});
        vault.faults()
                .on(Operation.LIST, "secret")
                .skip(PAGES)
                .times(1)
                .before(() -> vault.rotate("secret", "app000003"));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertComplete(result, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(exits("settle")).containsExactly("MOVING");
        assertThat(exits("settle-2")).containsExactly("COMPLETED");
        assertThat(vault.requests().count(Operation.BACKUP, "secret", "app000003"))
                .isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS + 1);
        assertThat(result.summary().path("closing_listings").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsListedAgainBeforeItIsCopiedIsListedOnceMoreAndNotCopiedTwice() {
        // given a service that lists the other way round, and a change of what was listed again too early
        vault = emulator.vault(VaultSettings.of("backwards").thatListsBackwards());
        vault.secrets("app", OBJECTS);
        holdUntilTheClosingListingHasBegun(() -> vault.rotate("secret", LAST));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then the first of the closing listings proves nothing, and the second one finds the change
        assertComplete(result, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(exits("settle")).containsExactly("AGAIN");
        assertThat(exits("settle-again")).containsExactly("MOVING");
        assertThat(exits("closing-again")).containsExactly("COMPLETED");
        assertThat(exits("settle-2")).containsExactly("COMPLETED");
        assertThat(vault.requests().count(Operation.BACKUP, "secret", LAST)).isEqualTo(2);
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS + 1);
    }

    @Test
    void whatIsFoundGoneWhileTheVaultIsListedAgainIsNoPartOfAMomentThatItWasThereAt() {
        // given an object that is deleted after the closing listing began, and before it was copied
        vault.secrets("app", OBJECTS);
        holdUntilTheClosingListingHasBegun(() -> vault.delete("secret", LAST));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertComplete(result, Map.of("BACKED_UP", OBJECTS - 1L, "DELETED_DURING_RUN", 1L));
        assertThat(exits("settle")).containsExactly("AGAIN");
        assertThat(exits("settle-again")).containsExactly("COMPLETED");
    }

    @Test
    void aClosingListingThatFailsBesideTheBackupsIsMadeOnceMore() {
        vault.secrets("app", OBJECTS);
        holdUntilTheClosingListingHasBegun(() -> {});
        vault.faults().on(Operation.LIST, "secret").skip(PAGES + 1).times(1).forbid("ForbiddenByRbac");

        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        assertComplete(result, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(result.failures()).isEmpty();
        assertThat(exits("settle")).containsExactly("AGAIN");
        assertThat(exits("settle-again")).containsExactly("COMPLETED");
    }

    @Test
    void nothingIsListedAgainBeforeTheCertificatesAreCopied() {
        // given a certificate that is copied last
        vault.secrets("app", OBJECTS);
        vault.certificate("site");
        CountDownLatch others = new CountDownLatch(OBJECTS);
        AtomicBoolean early = new AtomicBoolean();
        vault.faults().on(Operation.LIST, "secret").skip(PAGES + 1).times(1).after(listsAgain::countDown);
        vault.faults().on(Operation.BACKUP, "secret").always().after(others::countDown);
        vault.faults().on(Operation.BACKUP, "certificate").times(1).before(() -> {
            await(others);
            early.set(hasListedAgainIn(WHILE_MILLIS));
        });

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertComplete(result, Map.of("BACKED_UP", OBJECTS + 1L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(early).isFalse();
        assertThat(exits("settle")).containsExactly("COMPLETED");
    }

    @Test
    void certificatesThatAreListedLateAreCopiedBeforeMostOfTheRest() {
        // given
        int many = 1_100;
        vault.secrets("app", many);
        vault.certificate("site");
        CountDownLatch backsUp = new CountDownLatch(1);
        AtomicLong before = new AtomicLong();
        vault.faults().on(Operation.BACKUP).times(1).after(backsUp::countDown);
        vault.faults().on(Operation.LIST, "certificate").times(1).before(() -> await(backsUp));
        vault.faults()
                .on(Operation.BACKUP, "certificate")
                .times(1)
                .before(() -> before.set(vault.requests().count(Operation.BACKUP)));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then after the page of the ledger that was being copied
        assertComplete(result, Map.of("BACKED_UP", many + 1L, "COVERED_BY_CERTIFICATE", 2L));
        assertThat(before.get()).isBetween(1L, 900L);
    }

    @Test
    void whatWasListedOfAListingThatFailsIsBackedUpAndTheRelaunchDoesTheRest() {
        // given
        vault.secrets("app", OBJECTS);
        Fault forbidden = vault.faults()
                .on(Operation.LIST, "secret")
                .skip(PAGES / 2)
                .always()
                .forbid("ForbiddenByRbac");

        // when
        Bench.Result first = bench.backUp(vault, "--scheduled-for", NIGHT);
        forbidden.cancel();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(first.exitCode()).as(first.out() + first.err()).isEqualTo(3);
        assertThat(first.outcomes()).isEqualTo(Map.of("BACKED_UP", OBJECTS / 2L));
        assertComplete(relaunch, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
    }

    @Test
    void aStopWhileItIsListedAndBackedUpEndsBothAndTheRelaunchDoesTheRest() {
        // given a stop in mid-listing, when some are backed up
        StopSignal stop = bench.nextStop();
        vault.secrets("app", OBJECTS);
        CountDownLatch backsUp = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP).times(1).after(backsUp::countDown);
        vault.faults().on(Operation.LIST, "secret").skip(PAGES - 3).times(1).before(() -> {
            await(backsUp);
            stop.give();
        });

        // when
        Bench.Result stopped = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(inVain).isFalse();
        assertThat(steps()).containsExactly("inventory", "backup");
        assertThat(bench.steps()).extracting(Bench.StepCounts::status).containsOnly("STOPPED");

        // when
        bench.nextStop();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertComplete(relaunch, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
    }

    @Test
    void aStopWhileItIsListedAgainAndBackedUpEndsBothAndTheRelaunchDoesTheRest() {
        // given a stop when the last object is being copied and a page of the closing listing was asked for
        StopSignal stop = bench.nextStop();
        vault.secrets("app", OBJECTS);
        CountDownLatch copied = new CountDownLatch(1);
        holdUntilTheClosingListingHasBegun(stop::give);
        vault.faults().on(Operation.BACKUP, "secret", LAST).times(1).after(copied::countDown);
        vault.faults().on(Operation.LIST, "secret").skip(PAGES + 1).times(1).before(() -> await(copied));

        // when
        Bench.Result stopped = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then what was under way is recorded
        assertThat(stopped.exitCode()).as(stopped.out() + stopped.err()).isEqualTo(130);
        assertThat(inVain).isFalse();
        assertThat(steps()).containsExactly("inventory", "backup", "reuse", "closing");
        assertThat(bench.steps())
                .filteredOn(step -> step.step().equals("backup") || step.step().equals("closing"))
                .extracting(Bench.StepCounts::status)
                .containsOnly("STOPPED");

        // when
        bench.nextStop();
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertComplete(relaunch, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
    }

    @Test
    void aListingBesideTheBackupsThatTimeCutsOffProvesNothing() {
        // given a page of the closing listing that lasts longer than the run may
        vault.secrets("app", OBJECTS);
        bench.set("keyvault-backup.deadline", "8s");
        vault.faults().on(Operation.LIST, "secret").skip(PAGES).times(1).delay(Duration.ofSeconds(9));

        // when
        Bench.Result late = bench.backUp(vault, "--scheduled-for", NIGHT);
        bench.set("keyvault-backup.deadline", "1h");
        Bench.Result relaunch = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(late.exitCode()).as(late.out() + late.err()).isEqualTo(3);
        assertThat(late.failures()).containsEntry("the run itself", "DEADLINE");
        assertThat(late.summary().has("consistent_as_of")).isFalse();
        assertComplete(relaunch, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
    }

    @Test
    void aRoundIsNotUsedUpByAListingThatProvesNothing() {
        vault = emulator.vault(VaultSettings.of("backwards-once").thatListsBackwards());
        vault.secrets("app", OBJECTS);
        bench.set("keyvault-backup.settle-rounds", "1");
        holdUntilTheClosingListingHasBegun(() -> {});

        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        assertComplete(result, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(exits("settle")).containsExactly("AGAIN");
        assertThat(exits("settle-again")).containsExactly("COMPLETED");
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
    }

    @Test
    void ofAFullBackupNothingIsTakenOverSoThatItBeginsWhileTheVaultIsListed() {
        // given a night before, and a listing that waits for a backup
        vault.secrets("app", OBJECTS);
        assertThat(bench.backUp(vault, "--scheduled-for", "2026-11-23T03:00:00Z")
                        .exitCode())
                .isZero();
        vault.requests().reset();
        CountDownLatch backsUp = new CountDownLatch(1);
        vault.faults().on(Operation.BACKUP).times(1).after(backsUp::countDown);
        vault.faults().on(Operation.LIST, "secret").skip(PAGES - 1).times(1).before(() -> await(backsUp));

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT, "--full");

        // then
        assertComplete(result, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
        assertThat(steps().subList(6, 8)).containsExactly("inventory", "backup");
    }

    @Test
    void withEarlierCopiesItIsBackedUpOnlyOnceItIsListed() {
        // given
        vault.secrets("app", OBJECTS);
        assertThat(bench.backUp(vault, "--scheduled-for", "2026-11-23T03:00:00Z")
                        .exitCode())
                .isZero();
        vault.requests().reset();

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.outcomes().get("UNCHANGED")).isGreaterThan(OBJECTS / 2L);
        assertThat(vault.requests().count(Operation.BACKUP)).isLessThan(OBJECTS / 2);
        assertThat(steps().subList(6, 9)).containsExactly("inventory", "reuse", "backup");
    }

    @Test
    void whatHasAnEarlierCopyAndWaitsForItsTurnIsCopiedAnewWhileTheVaultIsListedAgain() {
        // given a night before, whose copies are all to be made anew
        vault.secrets("app", OBJECTS);
        bench.set("keyvault-backup.refresh-days", "1");
        assertThat(bench.backUp(vault, "--scheduled-for", "2026-11-23T03:00:00Z")
                        .exitCode())
                .isZero();
        vault.requests().reset();
        holdUntilTheClosingListingHasBegun(() -> {});

        // when
        Bench.Result result = bench.backUp(vault, "--scheduled-for", NIGHT);

        // then
        assertComplete(result, Map.of("BACKED_UP", (long) OBJECTS));
        assertThat(vault.requests().count(Operation.BACKUP)).isEqualTo(OBJECTS);
        assertThat(exits("settle").subList(1, 2)).containsExactly("COMPLETED");
    }
}
