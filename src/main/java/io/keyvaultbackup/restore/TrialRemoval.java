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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Removes what a drill restored, and nothing else: an object goes only if it has the very versions that were restored, seen right before it is
 * deleted; and only what was deleted here, by the service's own answer, is purged. Safe for use by many threads.
 */
final class TrialRemoval {

    private static final String GONE = "it is not there any more: somebody else removed it";
    private static final String PERHAPS =
            "it is deleted, and not purged: the answer to its deletion was lost, so it may have been somebody else's";
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
        AtomicReference<@Nullable Failure> lost = new AtomicReference<>();
        AtomicReference<@Nullable Removed> ended = new AtomicReference<>();
        // Looked at before each try: a vault at its limit may keep one waiting for minutes. The look, which is patient
        // by itself, is no part of the try, so that its failure ends this.
        patience.call(
                () -> {
                    if (ended.get() == null) {
                        delete(id, lost, ended);
                    }
                    return id;
                },
                () -> ended.set(look(id, restored, lost.get())));
        @Nullable Removed already = ended.get();
        if (already != null) {
            return already;
        }
        if (!purges) {
            return new Removed(RestoreOutcome.DELETED, "the vault does not purge what is deleted", null);
        }
        AtomicBoolean purgeLost = new AtomicBoolean();
        try {
            patience.call(() -> {
                purge(id, purgeLost);
                return id;
            });
            return new Removed(RestoreOutcome.REMOVED, null, null);
        } catch (FailureException kept) {
            return new Removed(RestoreOutcome.DELETED, "it was deleted, and not purged", kept.failure());
        }
    }

    /**
     * What there is to say without a deletion; null if it is to be deleted.
     *
     * @param lost how the answer to a deletion was lost; what is not there any more then was deleted by that, or by somebody else
     */
    private @Nullable Removed look(ObjectId id, Set<String> restored, @Nullable Failure lost) {
        Set<String> there = ids(versions.of(id));
        if (there.isEmpty()) {
            return lost == null
                    ? new Removed(RestoreOutcome.LEFT_BEHIND, GONE, null)
                    : new Removed(RestoreOutcome.DELETED, PERHAPS, lost);
        }
        return there.equals(restored) ? null : new Removed(RestoreOutcome.LEFT_BEHIND, CHANGED, null);
    }

    /** What it finds gone after an answer was lost was deleted by that, or by somebody else. */
    private void delete(
            ObjectId id, AtomicReference<@Nullable Failure> lost, AtomicReference<@Nullable Removed> ended) {
        try {
            scratch.delete(id);
        } catch (FailureException failed) {
            @Nullable Failure before = lost.get();
            if (failed.failure().reason() == FailureReason.NOT_FOUND && before != null) {
                ended.set(new Removed(RestoreOutcome.DELETED, PERHAPS, before));
                return;
            }
            if (failed.failure().mayHaveHappened()) {
                lost.set(failed.failure());
            }
            throw failed;
        }
    }

    private static boolean perhapsRestored(RestoreRow row) {
        return row.failure() != null
                && (row.failure().mayHaveHappened() || row.failure().reason() == FailureReason.PERHAPS_RESTORED);
    }

    /** What it finds purged after the answer to a purge was lost is purged by that. */
    private void purge(ObjectId id, AtomicBoolean lost) {
        try {
            scratch.purge(id);
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
