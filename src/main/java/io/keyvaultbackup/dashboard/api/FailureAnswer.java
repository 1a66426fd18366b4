package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * Something that failed.
 *
 * @param subject an object, a listing, or the run itself
 * @param status the service's, of HTTP; 0 where there was no answer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FailureAnswer(
        String subject,
        @Nullable Integer attempts,
        FailureReason reason,
        int status,
        @Nullable String code,
        String message,
        @JsonProperty("request_id") @Nullable String requestId,
        String advice) {

    static FailureAnswer of(ObjectPages.Failed failed) {
        return of(failed.subject(), failed.attempts(), failed.failure());
    }

    static FailureAnswer of(Incident incident) {
        return of(incident.subject(), null, incident.failure());
    }

    private static FailureAnswer of(String subject, @Nullable Integer attempts, Failure failure) {
        return new FailureAnswer(
                subject,
                attempts,
                failure.reason(),
                failure.status(),
                failure.code(),
                failure.message(),
                failure.requestId(),
                failure.reason().advice());
    }
}
