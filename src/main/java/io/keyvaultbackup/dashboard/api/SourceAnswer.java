package io.keyvaultbackup.dashboard.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keyvaultbackup.dashboard.view.Reading;
import org.jspecify.annotations.Nullable;

/**
 * Whether a source told.
 *
 * @param status known, missing or awaited
 * @param reason why it is missing
 * @param advice what to do then
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SourceAnswer(
        String status, @Nullable String reason, @Nullable String advice) {

    static SourceAnswer of(Reading<?> reading) {
        return switch (reading) {
            case Reading.Known<?> known -> new SourceAnswer("known", null, null);
            case Reading.Missing<?> missing -> new SourceAnswer("missing", missing.why(), missing.advice());
            case Reading.Awaited<?> awaited -> new SourceAnswer("awaited", null, null);
        };
    }
}
