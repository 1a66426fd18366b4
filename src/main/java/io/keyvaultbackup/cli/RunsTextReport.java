package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.snapshot.StopNote;
import io.keyvaultbackup.vault.Failure;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** As tables for people. */
final class RunsTextReport implements RunsReport {

    private final Terminal terminal;
    private final PrintStream out;

    RunsTextReport(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    @Override
    public void list(
            List<RunRecord> runs,
            Function<RunRecord, Map<Outcome, Long>> counts,
            Function<RunRecord, Optional<StopNote>> stops) {
        if (runs.isEmpty()) {
            out.println("No runs yet. Start one: keyvault-backup backup --help");
            return;
        }
        out.printf("%-23s  %-10s  %4s  %8s  %7s  %s%n", "RUN", "STATUS", "EXEC", "DONE", "NOT", "VAULT");
        for (RunRecord run : runs) {
            Map<Outcome, Long> outcomes = counts.apply(run);
            long done = outcomes.entrySet().stream()
                    .filter(outcome -> outcome.getKey().isDone())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            long all = outcomes.values().stream().mapToLong(Long::longValue).sum();
            out.printf(
                    Locale.ROOT,
                    "%-23s  %s  %4d  %,8d  %,7d  %s%n",
                    run.snapshot(),
                    coloured(run.status(), String.format(Locale.ROOT, "%-10s", run.status())),
                    run.latest().number(),
                    done,
                    all - done,
                    run.request().vault());
            stops.apply(run).ifPresent(note -> out.println("    " + Printable.line(note.describe())));
        }
    }

    @Override
    public void show(
            RunRecord run,
            Map<Integer, List<Incident>> incidents,
            Optional<StopNote> stop,
            ObjectLedger objects,
            boolean letGo,
            boolean failedOnly) {
        out.printf(
                "Run       %s%nVault     %s%nScheduled %s%nSelection %s%nStatus    %s%s%n%n",
                run.snapshot(),
                run.request().vault(),
                run.request().scheduledFor(),
                Printable.line(run.request().selection().canonical()),
                coloured(run.status(), run.status().toString()),
                stop.map(note -> "; " + Printable.line(note.describe())).orElse(""));
        out.printf(
                "%-4s  %-10s  %-20s  %9s  %9s  %-24s  %s%n",
                "EXEC", "STATUS", "STARTED", "SECONDS", "REQUESTS", "CONSISTENT AS OF", "MANIFEST");
        for (RunRecord.Execution execution : run.executions()) {
            out.printf(
                    Locale.ROOT,
                    "%-4d  %-10s  %-20s  %9s  %,9d  %-24s  %s%n",
                    execution.number(),
                    execution.status(),
                    execution.startedAt().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                    execution.endedAt() == null
                            ? "-"
                            : String.format(
                                    Locale.ROOT,
                                    "%.1f",
                                    Duration.between(execution.startedAt(), execution.endedAt())
                                                    .toMillis()
                                            / 1000.0),
                    execution.unitsSpent(),
                    execution.consistentAsOf() == null ? "-" : execution.consistentAsOf(),
                    execution.manifest() == null ? "-" : execution.manifest());
            incidents
                    .getOrDefault(execution.number(), List.of())
                    .forEach(incident -> failure(Printable.line(incident.subject()), incident.failure()));
        }
        out.println();
        for (Listing listing : objects.listings(run.snapshot())) {
            if (listing.failure() != null) {
                failure("listing of " + listing.kind().collection(), listing.failure());
            }
        }
        String outcomes = objects.counts(run.snapshot()).entrySet().stream()
                .map(outcome -> String.format(
                        Locale.ROOT,
                        "%,d %s",
                        outcome.getValue(),
                        outcome.getKey().words()))
                .collect(Collectors.joining(", "));
        out.printf("%s%n%n", outcomes.isEmpty() ? "no objects" : outcomes);
        if (letGo) {
            out.printf(
                    "The job database has let the objects of this run go: it keeps those of a vault's newest complete runs%n"
                            + "(keyvault-backup.ledger.keep-objects). They are in its manifest, unless that was forgotten:%n"
                            + "    keyvault-backup ls %s%n    %s%n",
                    run.snapshot(),
                    run.latest().manifest() == null ? "-" : run.latest().manifest());
        }
        objects.forEach(run.snapshot(), object -> {
            if (!failedOnly || object.result().outcome() == Outcome.FAILED) {
                print(object);
            }
        });
    }

    private String coloured(RunStatus status, String text) {
        return switch (status) {
            case COMPLETE -> terminal.good(text);
            case INCOMPLETE, FAILED -> terminal.bad(text);
            case RUNNING, STOPPED, ABANDONED -> text;
        };
    }

    private void print(LedgerObject object) {
        Failure failure = object.result().failure();
        String subject = Printable.line(object.object().id().toString());
        if (failure != null) {
            failure(subject, failure, "  attempts " + object.result().attempts());
            return;
        }
        String blob = object.result().blob() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  %,d bytes  attempts %d",
                        object.result().blob().size(),
                        object.result().attempts());
        out.printf("%-40s  %s%s%n", subject, object.result().outcome().words(), blob);
    }

    private void failure(String subject, Failure failure) {
        failure(subject, failure, "");
    }

    private void failure(String subject, Failure failure, String besides) {
        out.printf(
                "%-40s  failed: %s%s%n    %s%n    -> %s%n",
                subject,
                failure.reason().words(),
                besides,
                Printable.line(failure.describe()),
                failure.reason().advice());
    }
}
