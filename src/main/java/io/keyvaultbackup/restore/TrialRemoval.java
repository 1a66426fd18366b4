package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.ScratchVault;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Removes what a drill restored, and nothing else: an object goes only if it has the very versions that were restored, seen right before it is
 * deleted; and only what was deleted here is purged. Safe for use by many threads.
 */
final class TrialRemoval {

    private final ScratchVault scratch;
    private final TargetVersions versions;
    private final Patience patience;
    private final boolean purges;

    /** @param purges whether the vault lets what is deleted be purged */
    TrialRemoval(ScratchVault scratch, TargetVersions versions, Patience patience, boolean purges) {
        this.scratch = scratch;
        this.versions = versions;
        this.patience = patience;
        this.purges = purges;
    }

    /** What became of it. */
    private record Removed(RestoreOutcome outcome, @Nullable String why) {}

    /** Removes it; what failed to be restored, and is there all the same, too. */
    RestoreRow remove(RestoreRow row) {
        List<ObjectVersion> restored = row.versions() == null ? List.of() : row.versions();
        boolean failed = row.outcome() == RestoreOutcome.FAILED;
        try {
            Removed removed = remove(row.id(), ids(restored));
            if (failed) {
                return removed.outcome() == RestoreOutcome.LEFT_BEHIND
                        ? row
                        : row.removed(RestoreOutcome.FAILED, "it was there all the same, and was removed");
            }
            return row.removed(removed.outcome(), removed.why());
        } catch (FailureException notRemoved) {
            return failed ? row : row.leftBehind(notRemoved.failure());
        }
    }

    /**
     * Removes an object that has these versions.
     *
     * @return whether it is gone, or deleted
     * @throws FailureException if it could not be deleted
     */
    boolean removed(ObjectId id, Set<String> restored) {
        return remove(id, restored).outcome() != RestoreOutcome.LEFT_BEHIND;
    }

    private Removed remove(ObjectId id, Set<String> restored) {
        Set<String> there;
        try {
            there = ids(versions.of(id));
        } catch (FailureException unseen) {
            if (unseen.failure().reason() == FailureReason.NOT_FOUND) {
                return new Removed(RestoreOutcome.LEFT_BEHIND, "it is not there any more: somebody else removed it");
            }
            throw unseen;
        }
        if (restored.isEmpty() || !there.equals(restored)) {
            return new Removed(
                    RestoreOutcome.LEFT_BEHIND, "it has other versions than were restored, so it was left alone");
        }
        unlessGone(() -> scratch.delete(id));
        if (!purges) {
            return new Removed(RestoreOutcome.DELETED, "the vault does not purge what is deleted");
        }
        try {
            unlessGone(() -> scratch.purge(id));
            return new Removed(RestoreOutcome.REMOVED, null);
        } catch (FailureException kept) {
            return new Removed(
                    RestoreOutcome.DELETED,
                    "it was not purged: " + kept.failure().describe());
        }
    }

    /** After an answer that was lost, the next try finds nothing. */
    private void unlessGone(Runnable call) {
        AtomicBoolean lost = new AtomicBoolean();
        patience.call(() -> {
            try {
                call.run();
            } catch (FailureException failed) {
                if (failed.failure().mayHaveHappened()) {
                    lost.set(true);
                }
                if (failed.failure().reason() != FailureReason.NOT_FOUND || !lost.get()) {
                    throw failed;
                }
            }
            return true;
        });
    }

    private static Set<String> ids(List<ObjectVersion> versions) {
        return versions.stream().map(ObjectVersion::id).collect(Collectors.toCollection(TreeSet::new));
    }
}
