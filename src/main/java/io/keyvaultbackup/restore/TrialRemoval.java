package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.ScratchVault;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Removes what a drill restored, and nothing else: an object goes only if it has the very versions that were restored, seen right before it is
 * deleted; and only what was deleted here is purged. Safe for use by many threads.
 */
final class TrialRemoval {

    private static final String GONE = "it is not there any more: somebody else removed it";
    private static final String CHANGED = "it has other versions than were restored, so it was left alone";

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
    private record Removed(
            RestoreOutcome outcome,
            @Nullable String why,
            @Nullable Failure failure) {}

    /** Removes it; what failed to be restored, and is there all the same, too. */
    RestoreRow remove(RestoreRow row) {
        List<ObjectVersion> restored = row.versions() == null ? List.of() : row.versions();
        boolean failed = row.outcome() == RestoreOutcome.FAILED;
        if (failed && !perhapsRestored(row)) {
            return row;
        }
        try {
            Removed removed = remove(row.id(), ids(restored));
            if (failed) {
                return removed.outcome() == RestoreOutcome.LEFT_BEHIND
                        ? row
                        : row.removed(
                                RestoreOutcome.FAILED, "it was there all the same, and was removed", row.failure());
            }
            return row.removed(removed.outcome(), removed.why(), removed.failure());
        } catch (FailureException notRemoved) {
            if (notRemoved.failure().reason() == FailureReason.NOT_FOUND && !failed) {
                return row.removed(RestoreOutcome.LEFT_BEHIND, GONE, null);
            }
            return failed ? row : row.removed(RestoreOutcome.LEFT_BEHIND, null, notRemoved.failure());
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
        AtomicBoolean lost = new AtomicBoolean();
        AtomicReference<Optional<Removed>> left = new AtomicReference<>(Optional.empty());
        // Looked at before each try: a vault at its limit may keep one waiting for minutes. The look, which is patient
        // by itself, is no part of the try, so that its failure ends this.
        patience.call(
                () -> {
                    if (left.get().isEmpty()) {
                        unlessGone(lost, () -> scratch.delete(id));
                    }
                    return id;
                },
                () -> left.set(mustStay(id, restored, lost.get())));
        if (left.get().isPresent()) {
            return left.get().get();
        }
        if (!purges) {
            return new Removed(RestoreOutcome.DELETED, "the vault does not purge what is deleted", null);
        }
        AtomicBoolean purgeLost = new AtomicBoolean();
        try {
            patience.call(() -> {
                unlessGone(purgeLost, () -> scratch.purge(id));
                return id;
            });
            return new Removed(RestoreOutcome.REMOVED, null, null);
        } catch (FailureException kept) {
            return new Removed(RestoreOutcome.DELETED, "it was deleted, and not purged", kept.failure());
        }
    }

    /** @param deletionLost whether a deletion was asked for whose answer did not come: what is not there any more then is deleted by that */
    private Optional<Removed> mustStay(ObjectId id, Set<String> restored, boolean deletionLost) {
        Set<String> there = ids(versions.of(id));
        if (there.isEmpty() && deletionLost) {
            return Optional.empty();
        }
        return restored.isEmpty() || !there.equals(restored)
                ? Optional.of(new Removed(RestoreOutcome.LEFT_BEHIND, there.isEmpty() ? GONE : CHANGED, null))
                : Optional.empty();
    }

    private static boolean perhapsRestored(RestoreRow row) {
        return row.failure() != null
                && (row.failure().mayHaveHappened() || row.failure().reason() == FailureReason.PERHAPS_RESTORED);
    }

    /** Makes the change; what it finds gone after an answer to this very change was lost is done. */
    private static void unlessGone(AtomicBoolean lost, Runnable change) {
        try {
            change.run();
        } catch (FailureException failed) {
            if (failed.failure().reason() == FailureReason.NOT_FOUND && lost.get()) {
                return;
            }
            if (failed.failure().mayHaveHappened()) {
                lost.set(true);
            }
            throw failed;
        }
    }

    private static Set<String> ids(List<ObjectVersion> versions) {
        return versions.stream().map(ObjectVersion::id).collect(Collectors.toCollection(TreeSet::new));
    }
}
