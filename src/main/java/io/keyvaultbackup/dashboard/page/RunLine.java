package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.RunSummary;
import io.keyvaultbackup.run.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run as a line of a table, in words; what is null is not known, or there is none. */
public record RunLine(
        String id,
        String link,
        String key,
        String vault,
        String vaultLink,
        Moment scheduledFor,
        @Nullable String took,
        int executions,
        String objects,
        @Nullable String failed,
        String copied,
        String throttles) {

    static RunLine of(RunSummary run) {
        Map<Outcome, Long> outcomes = run.outcomes();
        long failed = outcomes.getOrDefault(Outcome.FAILED, 0L);
        return new RunLine(
                run.snapshot().value(),
                Links.run(run.snapshot()),
                Words.of(run.status()),
                VaultRow.name(run.vault()),
                Links.vault(run.vault()),
                Moment.of(run.scheduledFor()),
                run.endedAt() == null ? null : Words.of(Duration.between(run.startedAt(), run.endedAt())),
                run.executions(),
                Words.count(
                        outcomes.values().stream().mapToLong(Long::longValue).sum(), "object", "objects"),
                failed == 0 ? null : Words.of(failed) + " failed",
                Words.bytes(run.bytesCopied()),
                Words.of(run.throttles()));
    }

    static List<RunLine> of(List<RunSummary> runs) {
        return runs.stream().map(RunLine::of).toList();
    }
}
