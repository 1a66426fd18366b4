package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import org.jspecify.annotations.Nullable;

/** An object in a run, as the line {@code object} of the verb {@code runs} has it. What is not known is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ObjectAnswer(
        String object,
        Outcome outcome,
        int execution,
        int attempts,
        @Nullable Integer versions,
        @Nullable Long size,
        @Nullable String sha256,
        @Nullable String blob,
        @Nullable FailureReason reason,
        @Nullable Integer status,
        @Nullable String code,
        @Nullable String message,
        @JsonProperty("request_id") @Nullable String requestId,
        @Nullable String advice) {

    static ObjectAnswer of(LedgerObject row) {
        ObjectResult result = row.result();
        ObjectResult.@Nullable Blob blob = result.blob();
        @Nullable Failure failure = result.failure();
        return new ObjectAnswer(
                row.object().id().toString(),
                result.outcome(),
                row.execution(),
                result.attempts(),
                result.versions() == null ? null : result.versions().size(),
                blob == null ? null : blob.size(),
                blob == null ? null : blob.sha256(),
                blob == null ? null : blob.name(),
                failure == null ? null : failure.reason(),
                failure == null ? null : failure.status(),
                failure == null ? null : failure.code(),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.requestId(),
                failure == null ? null : failure.reason().advice());
    }
}
