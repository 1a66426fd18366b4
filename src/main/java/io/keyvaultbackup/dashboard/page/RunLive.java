package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.RunNow;
import io.keyvaultbackup.dashboard.view.RunPace;
import io.keyvaultbackup.ledger.NotedProgress;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.run.RunMonitor;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a run at work is, in words; what is null is not known.
 *
 * @param total null while it is not known how much there is to do
 * @param notice why it may be otherwise; null if nothing speaks for that
 */
public record RunLive(
        String phase,
        long done,
        @Nullable Long total,
        String doneWords,
        String failed,
        boolean anyFailed,
        @Nullable String rate,
        @Nullable String budget,
        String throttles,
        @Nullable String timeLeft,
        @Nullable String process,
        @Nullable Moment notedAt,
        @Nullable Notice notice) {

    static RunLive of(RunNow now) {
        @Nullable NotedProgress noted = now.progress();
        if (noted == null) {
            return unknown("At work", notice(now.silentSince()));
        }
        @Nullable RunPace pace = now.pace().orElse(null);
        boolean counted = noted.total() > 0;
        return new RunLive(
                phase(noted),
                noted.done(),
                counted ? noted.total() : null,
                counted
                        ? Words.of(noted.done()) + " of " + Words.of(noted.total()) + " ("
                                + noted.done() * 100 / noted.total() + " %)"
                        : Words.of(noted.done()),
                Words.of(noted.failed()),
                noted.failed() > 0,
                pace == null ? null : Words.rate(pace.objectsPerSecond()) + " objects a second",
                pace == null || pace.budgetShare() == null
                        ? null
                        : Math.round(pace.budgetShare() * 100) + " % of the budget ("
                                + Words.rate(pace.unitsPerSecond())
                                + " of " + Words.rate(noted.budget() / (double) Budget.WINDOW.toSeconds())
                                + " requests a second)",
                Words.of(noted.throttles()),
                pace == null || pace.timeLeft() == null ? null : "about " + Words.of(pace.timeLeft()),
                noted.process(),
                Moment.of(noted.notedAt()),
                notice(now.silentSince()));
    }

    /** In place of all else, where the job database does not tell. */
    static RunLive missing(String why, String advice) {
        return unknown("Not known", new Notice("warning", why, advice));
    }

    private static RunLive unknown(String phase, @Nullable Notice notice) {
        return new RunLive(
                phase, 0, null, "not known", "not known", false, null, null, "not known", null, null, null, notice);
    }

    private static @Nullable Notice notice(@Nullable Instant silentSince) {
        return silentSince == null
                ? null
                : new Notice(
                        "warning",
                        "Nothing was noted of it since "
                                + Moment.of(silentSince).utc()
                                + ": its process may have died, or may not reach the job database.",
                        "If nothing is at work there, relaunch it: keyvault-backup retry, with its --vault and --run. What is done is not done again.");
    }

    private static String phase(NotedProgress noted) {
        return switch (noted.phase()) {
            case STARTING -> "Starting";
            case INVENTORY -> "Listing the vault: " + Words.count(noted.listed(), "object", "objects") + " so far";
            case REUSE -> "Looking for copies that are still good";
            case BACKUP -> "Backing up";
            case SETTLE -> "Listing the vault again: " + Words.count(noted.listed(), "object", "objects") + " so far";
            case SEAL -> "Writing the manifest";
            default -> words(noted.phase());
        };
    }

    private static String words(RunMonitor.Phase phase) {
        return phase.name().charAt(0) + phase.name().substring(1).toLowerCase(Locale.ROOT);
    }
}
