package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.notification.Event;
import io.keyvaultbackup.notification.News;
import io.keyvaultbackup.notification.Notifications;
import io.keyvaultbackup.notification.Topic;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.vault.FailureReason;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people are told of runs that have ended. One that somebody stopped is neither trouble nor its end. */
final class BackupNews {

    private final Notifications notifications;
    private final RunSummaries summaries;

    BackupNews(RunSummaries summaries, Notifications notifications) {
        this.notifications = notifications;
        this.summaries = summaries;
    }

    void ended(RunResult result) {
        if (result.status() == RunStatus.STOPPED || Notifications.NONE.equals(notifications)) {
            return;
        }
        Map<String, Long> outcomes = new TreeMap<>();
        result.outcomes().forEach((outcome, count) -> outcomes.put(outcome.name(), count));
        tell(result.request(), troubleOf(result.status()), outcomes, reasons(result));
    }

    /** A run could not be begun, or not be ended as it should be. */
    void failed(RunRequest request, RuntimeException failed) {
        tell(
                request,
                Event.FAILED,
                Map.of(),
                Map.of(RunResults.understand(failed).reason(), 1L));
    }

    private static @Nullable Event troubleOf(RunStatus status) {
        return switch (status) {
            case COMPLETE -> null;
            case INCOMPLETE -> Event.INCOMPLETE;
            default -> Event.FAILED;
        };
    }

    /** Of all objects, of which a result names some, where the database tells; and of the execution itself. */
    private Map<FailureReason, Long> reasons(RunResult result) {
        if (result.status() == RunStatus.COMPLETE) {
            return Map.of();
        }
        Map<FailureReason, Long> named = result.incidents().stream()
                .map(Incident::failure)
                .collect(Collectors.groupingBy(failure -> failure.reason(), Collectors.counting()));
        try {
            summaries
                    .find(result.request().snapshot())
                    .map(RunSummary::reasons)
                    .ifPresent(counted -> counted.forEach((reason, count) -> named.merge(reason, count, Math::max)));
        } catch (RuntimeException away) {
            return named; // what is named is true, too
        }
        return named;
    }

    private void tell(
            RunRequest request, @Nullable Event trouble, Map<String, Long> outcomes, Map<FailureReason, Long> reasons) {
        notifications.tell(new News(
                Topic.BACKUP,
                request.vault().storeName(),
                trouble,
                request.scheduledFor(),
                request.snapshot().value(),
                null,
                outcomes,
                reasons));
    }
}
