package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.snapshot.CheckedCopies;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/** Brings one object into the target, and says what became of it: a failure is an outcome. Safe for use by many threads. */
final class ObjectRestore {

    /** The bytes, their text in base64, and the request that holds it. */
    private static final int FORMS_IN_MEMORY = 3;

    private final String source;
    private final CheckedCopies copies;
    private final RestoreTarget target;
    private final Vault vault;
    private final TargetVersions versions;
    private final Patience patience;
    private final MemoryBudget memory;
    private final Stopwatch stopwatch;
    private final boolean recoverDeleted;

    /** @param source the folder of the vault that the copies are of */
    ObjectRestore(
            String source,
            CheckedCopies copies,
            RestoreTarget target,
            Vault vault,
            Patience patience,
            MemoryBudget memory,
            Stopwatch stopwatch,
            boolean recoverDeleted) {
        this.source = source;
        this.copies = copies;
        this.target = target;
        this.vault = vault;
        this.versions = new TargetVersions(vault, patience);
        this.patience = patience;
        this.memory = memory;
        this.stopwatch = stopwatch;
        this.recoverDeleted = recoverDeleted;
    }

    /** Does what is to be done with it. */
    RestoreRow restore(RestoreRow row) {
        long begun = stopwatch.nanos();
        try {
            RestoreOutcome became = row.outcome() == RestoreOutcome.TO_RECOVER ? recover(row.id()) : restoreCopy(row);
            return row.done(became, Duration.ofNanos(stopwatch.nanos() - begun).toMillis());
        } catch (FailureException failed) {
            return row.failed(RestoreOutcome.FAILED, withWhatNoListingShows(row.id(), failed.failure()));
        } catch (RunRefusedException damaged) {
            return row.failed(
                    RestoreOutcome.FAILED,
                    Failure.of(FailureReason.COPY_DAMAGED, String.valueOf(damaged.getMessage())));
        }
    }

    /** How the service refuses a key that its tier cannot hold is not published, and no listing shows a key's protection. */
    private static Failure withWhatNoListingShows(ObjectId id, Failure failure) {
        return failure.reason() == FailureReason.REFUSED && id.kind() != ObjectKind.SECRET
                ? failure.withMessage(failure.message()
                        + " (if the key is HSM-protected: it can be restored into a Premium vault alone)")
                : failure;
    }

    private RestoreOutcome restoreCopy(RestoreRow row) {
        ObjectResult.Blob copy = Objects.requireNonNull(row.copy(), "what has no copy is not restored");
        RestoreCall call = new RestoreCall(target, vault, patience);
        ObjectId made;
        try (var _ = memory.reserve(copy.size() * FORMS_IN_MEMORY)) {
            made = call.attempt(row.id().kind(), copies.read(source, row.id(), copy));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for memory");
        } catch (VaultException failed) {
            return inspite(failed, call, row);
        }
        if (!made.name().equalsIgnoreCase(row.id().name())) {
            throw new VaultException(
                    Failure.of(
                            FailureReason.COPY_DAMAGED,
                            "the copy that the manifest has for " + row.id() + " is that of " + made
                                    + ", which was restored in its place"),
                    null);
        }
        return RestoreOutcome.RESTORED;
    }

    /** It may be there all the same: an answer was lost, and the next try found the name taken; or it is to be recovered. */
    private RestoreOutcome inspite(VaultException failed, RestoreCall call, RestoreRow row) {
        FailureReason reason = failed.failure().reason();
        if ((reason == FailureReason.NAME_IN_USE || call.answerLost()) && isThere(row)) {
            // without a lost answer it was somebody else
            return call.answerLost() ? RestoreOutcome.RESTORED : RestoreOutcome.ALREADY_THERE;
        }
        if (reason == FailureReason.NAME_SOFT_DELETED && recoverDeleted) {
            return recover(row.id());
        }
        if (call.answerLost() && reason == FailureReason.NAME_IN_USE) {
            throw new VaultException(
                    failed.failure()
                            .withReason(FailureReason.PERHAPS_RESTORED)
                            .withMessage(
                                    failed.failure().message()
                                            + ". The answer to a try of this restore was lost, and its versions cannot be compared"),
                    failed);
        }
        throw failed;
    }

    /** Whether the very versions of the copy are there. Who may not look takes the service's word. */
    private boolean isThere(RestoreRow row) {
        try {
            return Comparison.areTheSame(row.versions(), versions.of(row.id()));
        } catch (FailureException unseen) {
            return false;
        }
    }

    private RestoreOutcome recover(ObjectId id) {
        try {
            patience.call(() -> {
                target.recover(id);
                return id;
            });
        } catch (VaultException failed) {
            boolean perhapsRecovered = failed.failure().mayHaveHappened()
                    || failed.failure().reason() == FailureReason.NOT_FOUND // after an answer that was lost
                    || failed.failure().reason() == FailureReason.NAME_NOT_YET_FREE;
            if (!perhapsRecovered) {
                throw failed;
            }
        }
        patience.call(() -> appeared(id));
        return RestoreOutcome.RECOVERED;
    }

    /** It takes some seconds. */
    private ObjectId appeared(ObjectId id) {
        try {
            if (!vault.versions(id, null).items().isEmpty()) {
                return id;
            }
        } catch (VaultException failed) {
            if (failed.failure().reason() != FailureReason.NOT_FOUND) {
                throw failed;
            }
        }
        throw new VaultException(
                Failure.of(FailureReason.NAME_NOT_YET_FREE, id + " was asked to be recovered, and is not there yet"),
                null);
    }
}
