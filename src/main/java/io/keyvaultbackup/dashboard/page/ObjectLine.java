package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.VaultAddress;
import org.jspecify.annotations.Nullable;

/**
 * An object in a snapshot or run, as pages show it.
 *
 * @param link its history
 * @param outcomeKey complete, incomplete or failed: how it is coloured
 * @param why it failed, and what to do; null if it did not
 * @param state whether it is enabled, and whether a certificate owns it
 * @param versions null if they were not counted
 * @param copiedAt when its copy was made; null if there is none
 * @param copyOf the earlier snapshot that has it; null if this one has
 */
public record ObjectLine(
        String name,
        String link,
        String outcomeKey,
        String outcome,
        @Nullable String why,
        String state,
        @Nullable String contentType,
        @Nullable String versions,
        @Nullable String bytes,
        @Nullable String blob,
        @Nullable Moment copiedAt,
        @Nullable String copyOf) {

    static ObjectLine of(VaultAddress vault, LedgerObject object) {
        ObjectResult result = object.result();
        ChangeToken token = object.object().token();
        ObjectResult.Blob blob = result.blob();
        Failure failure = result.failure();
        return new ObjectLine(
                object.object().id().toString(),
                Links.object(vault, object.object().id()),
                result.outcome() == Outcome.FAILED ? "failed" : result.outcome().isDone() ? "complete" : "incomplete",
                result.outcome().words(),
                failure == null
                        ? null
                        : failure.describe() + ". " + failure.reason().advice(),
                (token.enabled() ? "enabled" : "disabled") + (object.object().managed() ? ", of a certificate" : ""),
                token.contentType(),
                result.versions() == null ? null : Words.of(result.versions().size()),
                blob == null ? null : Words.bytes(blob.size()),
                blob == null ? null : blob.name(),
                Moment.orNull(blob == null ? null : blob.callBegan()),
                blob == null || result.outcome() != Outcome.UNCHANGED
                        ? null
                        : SnapshotNames.snapshotOfCopy(blob.name())
                                .map(Object::toString)
                                .orElse(null));
    }
}
