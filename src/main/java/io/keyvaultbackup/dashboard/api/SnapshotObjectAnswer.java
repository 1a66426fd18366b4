package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ChangeToken;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An object in a snapshot, under the names that {@code ls --json} has. What is not known is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SnapshotObjectAnswer(
        String snapshot,
        String vault,
        String object,
        Outcome outcome,
        boolean managed,
        @Nullable Instant created,
        @Nullable Instant updated,
        boolean enabled,
        @JsonProperty("not_before") @Nullable Instant notBefore,
        @Nullable Instant expires,
        @Nullable Map<String, String> tags,
        @JsonProperty("content_type") @Nullable String contentType,
        @Nullable Integer versions,
        @Nullable Long size,
        @Nullable String sha256,
        @Nullable String blob,
        @JsonProperty("copied_at") @Nullable Instant copiedAt,
        @Nullable FailureReason reason) {

    static SnapshotObjectAnswer of(VaultAddress vault, SnapshotId snapshot, LedgerObject object) {
        ChangeToken token = object.object().token();
        ObjectResult result = object.result();
        ObjectResult.Blob blob = result.blob();
        return new SnapshotObjectAnswer(
                snapshot.value(),
                vault.storeName(),
                object.object().id().toString(),
                result.outcome(),
                object.object().managed(),
                token.created(),
                token.updated(),
                token.enabled(),
                token.notBefore(),
                token.expires(),
                token.tags().isEmpty() ? null : new TreeMap<>(token.tags()),
                token.contentType(),
                result.versions() == null ? null : result.versions().size(),
                blob == null ? null : blob.size(),
                blob == null ? null : blob.sha256(),
                blob == null ? null : blob.name(),
                blob == null ? null : blob.callBegan(),
                result.failure() == null ? null : result.failure().reason());
    }
}
