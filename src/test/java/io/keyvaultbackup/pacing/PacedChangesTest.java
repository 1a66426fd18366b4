package io.keyvaultbackup.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyvaultbackup.vault.DeletedObject;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.ScratchVault;
import io.keyvaultbackup.vault.VaultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the calls of a restore and of a drill cost, and that they reach who makes them. */
class PacedChangesTest {

    private final Pacer pacer = new Pacer(new Budget(2_000), new TestStopwatch());
    private final List<String> calls = new ArrayList<>();
    private final RestoreTarget target = new PacedRestoreTarget(new Target(), pacer);
    private final ScratchVault scratch = new PacedScratchVault(new Scratch(), pacer);
    private boolean throttled;

    @ParameterizedTest
    @CsvSource({"SECRET, 1", "KEY, 2", "CERTIFICATE, 1"})
    void recoveringDeletingAndPurgingCostOneAndOfKeysTwo(ObjectKind kind, long cost) {
        // given
        ObjectId one = new ObjectId(kind, "one");

        // when, then
        target.recover(one);
        assertThat(pacer.usage().spent()).isEqualTo(cost);
        scratch.delete(one);
        assertThat(pacer.usage().spent()).isEqualTo(2 * cost);
        scratch.purge(one);
        assertThat(pacer.usage().spent()).isEqualTo(3 * cost);
        assertThat(calls).containsExactly("recover " + one, "delete " + one, "purge " + one);
    }

    @Test
    void aPageOfTheDeletedCostsOne() {
        // when
        Page<DeletedObject> page = target.deleted(ObjectKind.KEY, "further");

        // then
        assertThat(page.items()).isEmpty();
        assertThat(pacer.usage().spent()).isEqualTo(1);
        assertThat(calls).containsExactly("deleted KEY further");
    }

    @Test
    void aRestoreCostsACreation() {
        // when, then 4,000 units are 300 creations
        assertThat(target.restore(ObjectKind.SECRET, new byte[1])).isEqualTo(new ObjectId(ObjectKind.SECRET, "one"));
        assertThat(pacer.usage().spent()).isEqualTo(14);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleted", "recover", "delete", "purge"})
    void everyThrottlingReachesThePacer(String call) {
        // given
        ObjectId one = new ObjectId(ObjectKind.SECRET, "one");
        throttled = true;

        // when
        assertThatThrownBy(() -> {
                    switch (call) {
                        case "deleted" -> target.deleted(ObjectKind.SECRET, null);
                        case "recover" -> target.recover(one);
                        case "delete" -> scratch.delete(one);
                        default -> scratch.purge(one);
                    }
                })
                .isInstanceOf(VaultException.class);

        // then
        assertThat(pacer.usage().throttles()).isEqualTo(1);
    }

    private void called(String call) {
        if (throttled) {
            throw new VaultException(
                    new Failure(FailureReason.THROTTLED, 429, "Throttled", "too many", null, Duration.ofSeconds(7)),
                    null);
        }
        calls.add(call);
    }

    private final class Target implements RestoreTarget {

        @Override
        public ObjectId restore(ObjectKind kind, byte[] backup) {
            called("restore " + kind);
            return new ObjectId(kind, "one");
        }

        @Override
        public Page<DeletedObject> deleted(ObjectKind kind, @Nullable String next) {
            called("deleted " + kind + " " + next);
            return new Page<>(List.of(), null, null);
        }

        @Override
        public void recover(ObjectId deleted) {
            called("recover " + deleted);
        }
    }

    private final class Scratch implements ScratchVault {

        @Override
        public void delete(ObjectId id) {
            called("delete " + id);
        }

        @Override
        public void purge(ObjectId deleted) {
            called("purge " + deleted);
        }
    }
}
