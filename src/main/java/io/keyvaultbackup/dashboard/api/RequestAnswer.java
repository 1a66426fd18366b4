package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keyvaultbackup.service.ExitMeaning;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.service.Wish;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for, and what became of it.
 *
 * @param meaning of the exit code, in words
 * @param plan where a plan is told, with all that was said in its place; null of all else
 * @param result the last words of what did not go well; of no plan, and in no list
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RequestAnswer(
        String request,
        RequestedAction action,
        String vault,
        @Nullable String snapshot,
        @Nullable String target,
        @Nullable String reason,
        @JsonProperty("asked_by") String askedBy,
        @JsonProperty("asked_at") Instant askedAt,
        Request.State state,
        @Nullable String process,
        @Nullable String job,
        @JsonProperty("ended_at") @Nullable Instant endedAt,
        @JsonProperty("exit_code") @Nullable Integer exitCode,
        @Nullable String meaning,
        @Nullable String plan,
        @Nullable String result) {

    static RequestAnswer of(Request request, ExitMeaning meaning) {
        Wish wish = request.wish();
        boolean isPlan = wish.action() == RequestedAction.RESTORE_PLAN;
        return new RequestAnswer(
                request.id(),
                wish.action(),
                wish.vault().toString(),
                wish.snapshot() == null ? null : wish.snapshot().value(),
                wish.target() == null ? null : wish.target().toString(),
                wish.reason(),
                request.askedBy(),
                request.askedAt(),
                request.state(),
                request.process(),
                request.job(),
                request.endedAt(),
                request.exitCode(),
                request.exitCode() == null ? null : meaning.of(request.exitCode()),
                isPlan ? "/api/v1/plans/" + request.id() : null,
                isPlan ? null : request.result());
    }
}
