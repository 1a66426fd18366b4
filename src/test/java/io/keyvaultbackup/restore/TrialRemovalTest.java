package io.keyvaultbackup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyvaultbackup.backup.EmulatedVaultTest;
import io.keyvaultbackup.emulator.EmulatedVault;
import io.keyvaultbackup.emulator.Operation;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.TestStopwatch;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultObject;
import io.keyvaultbackup.vault.Vaults;
import io.keyvaultbackup.vault.azure.Opened;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a drill removes while answers fail, and while somebody else removes the same: what it deleted itself, and nothing else. */
class TrialRemovalTest extends EmulatedVaultTest {

    private EmulatedVault scratch;
    private TrialRemoval removal;
    private RestoreRow restored;

    @BeforeEach
    void restoreAnObject() {
        scratch = vault;
        scratch.secret("password").versions(2);
        Vaults vaults = Opened.vaults(emulator);
        Vault opened = vaults.open(scratch.uri());
        Patience patience = new Patience(new TestStopwatch());
        removal = new TrialRemoval(vaults.scratch(scratch.uri()), new TargetVersions(opened, patience), patience, true);
        VaultObject object = opened.list(ObjectKind.SECRET, null).items().getFirst();
        List<ObjectVersion> versions = opened.versions(object.id(), null).items();
        ObjectResult saved = new ObjectResult(object.id(), Outcome.BACKED_UP, 1, versions, null, null);
        restored = RestoreRow.of(new LedgerObject(object, null, 1, saved), RestoreOutcome.RESTORED, null);
    }

    private void assertTheyRemovedIt(RestoreRow left) {
        assertThat(left.outcome()).isEqualTo(RestoreOutcome.LEFT_BEHIND);
        assertThat(left.why()).isEqualTo("it is not there any more: somebody else removed it");
        assertThat(left.failure()).isNull();
        assertThat(scratch.requests().count(Operation.PURGE)).isZero();
        scratch.recover("secret", "password"); // fails if it was purged
    }

    /** A look that failed is no deletion of ours whose answer was lost: it changed nothing. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatSomebodyElseDeletesAfterLooksFailedIsNotPurged(int failedLooks) {
        // given
        scratch.faults().on(Operation.VERSIONS).times(failedLooks).answer(503);
        scratch.faults().on(Operation.DELETE).times(1).before(() -> scratch.delete("secret", "password"));

        // when
        RestoreRow left = removal.remove(restored);

        // then
        assertTheyRemovedIt(left);
    }

    /** What is gone has no versions: the service has no other word for it in a listing. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void whatSomebodyElseDeletedBeforeTheLookIsToldAsGone(int failedLooks) {
        // given
        scratch.faults().on(Operation.VERSIONS).times(failedLooks).answer(503);
        scratch.delete("secret", "password");

        // when
        RestoreRow left = removal.remove(restored);

        // then
        assertTheyRemovedIt(left);
        assertThat(scratch.requests().count(Operation.DELETE)).isZero();
    }

    /** The listing is tried again by its own patience, and not once more by that of the deletion. */
    @Test
    void whatCannotBeSeenIsLeftAloneAfterTheTriesOfOneCall() {
        // given
        scratch.faults().on(Operation.VERSIONS).always().answer(503);
        long before = scratch.requests().count(Operation.VERSIONS);

        // when
        RestoreRow left = removal.remove(restored);

        // then
        assertThat(scratch.requests().count(Operation.VERSIONS) - before).isEqualTo(FailureReason.UNAVAILABLE.tries());
        assertThat(left.outcome()).isEqualTo(RestoreOutcome.LEFT_BEHIND);
        assertThat(left.failure()).extracting(Failure::reason).isEqualTo(FailureReason.UNAVAILABLE);
        assertThat(scratch.requests().count(Operation.DELETE)).isZero();
        assertThat(scratch.requests().count(Operation.PURGE)).isZero();
    }

    @Test
    void aDeletionIsTriedAsOftenAsAnyCallAndLookedAtBeforeEachTry() {
        // given
        scratch.faults().on(Operation.DELETE).always().answer(503);
        long before = scratch.requests().count(Operation.VERSIONS);

        // when
        RestoreRow left = removal.remove(restored);

        // then
        assertThat(scratch.requests().count(Operation.DELETE)).isEqualTo(FailureReason.UNAVAILABLE.tries());
        assertThat(scratch.requests().count(Operation.VERSIONS) - before).isEqualTo(FailureReason.UNAVAILABLE.tries());
        assertThat(left.outcome()).isEqualTo(RestoreOutcome.LEFT_BEHIND);
        assertThat(left.failure()).extracting(Failure::reason).isEqualTo(FailureReason.UNAVAILABLE);
        assertThat(scratch.requests().count(Operation.PURGE)).isZero();
    }

    /** What the service refused has not happened: who deleted the object then is somebody else. */
    @Test
    void aDeletionThatWasRefusedIsNotTakenForLost() {
        // given
        scratch.faults()
                .on(Operation.DELETE)
                .times(1)
                .before(() -> scratch.delete("secret", "password"))
                .throttle(null);

        // when
        RestoreRow left = removal.remove(restored);

        // then
        assertTheyRemovedIt(left);
    }

    private void assertItIsDeletedAndNotPurged(RestoreRow row) {
        assertThat(row.outcome()).isEqualTo(RestoreOutcome.DELETED);
        assertThat(row.why()).contains("deleted, and not purged", "the answer to its deletion was lost");
        assertThat(row.failure()).isNotNull();
        assertThat(scratch.requests().count(Operation.PURGE)).isZero();
        scratch.recover("secret", "password"); // fails if it was purged
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aDeletionWhoseAnswerWasLostIsDoneAndNothingIsPurgedOnThatGuess(int failedLooksThen) {
        // given
        scratch.faults().on(Operation.DELETE).times(1).loseAnswer();
        scratch.faults().on(Operation.VERSIONS).skip(1).times(failedLooksThen).answer(503);

        // when
        RestoreRow removed = removal.remove(restored);

        // then
        assertThat(scratch.requests().count(Operation.DELETE)).isEqualTo(1);
        assertItIsDeletedAndNotPurged(removed);
    }

    @Test
    void whatSomebodyElseDeletesAfterADeletionThatDidNotHappenIsNotPurged() {
        // given
        scratch.faults().on(Operation.DELETE).times(1).answer(503);
        scratch.faults().on(Operation.VERSIONS).skip(1).times(1).before(() -> scratch.delete("secret", "password"));

        // then
        assertItIsDeletedAndNotPurged(removal.remove(restored));
    }

    @Test
    void whatSomebodyElseDeletesBetweenTheSecondLookAndTheSecondDeletionIsNotPurged() {
        // given
        scratch.faults().on(Operation.DELETE).times(1).answer(503);
        scratch.faults().on(Operation.VERSIONS).skip(1).times(1).after(() -> scratch.delete("secret", "password"));

        // then
        assertItIsDeletedAndNotPurged(removal.remove(restored));
    }

    @Test
    void whatHasTheNameAfterADeletionWhoseAnswerWasLostIsLeftAlone() {
        // given
        scratch.faults().on(Operation.DELETE).times(1).loseAnswer();
        scratch.faults().on(Operation.VERSIONS).skip(1).times(1).before(() -> {
            scratch.purge("secret", "password");
            scratch.make("secret", "password");
        });

        // when
        RestoreRow left = removal.remove(restored);

        // then
        assertThat(left.outcome()).isEqualTo(RestoreOutcome.LEFT_BEHIND);
        assertThat(left.why()).isEqualTo("it has other versions than were restored, so it was left alone");
        assertThat(scratch.requests().count(Operation.DELETE)).isEqualTo(1);
        assertThat(scratch.requests().count(Operation.PURGE)).isZero();
        assertThat(scratch.object("secret", "password")).isPresent();
    }
}
