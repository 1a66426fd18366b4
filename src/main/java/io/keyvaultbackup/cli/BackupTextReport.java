package io.keyvaultbackup.cli;

import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.Immutability;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Moving;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.Reuse;
import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Settlement;
import io.keyvaultbackup.vault.FailureReason;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** As text for people: what became of how many, what failed and why, what it cost, where the copies are, what to do next. */
final class BackupTextReport implements BackupReport {

    private static final int MOVING_NAMED = 5;

    private final Terminal terminal;
    private final PrintStream out;

    BackupTextReport(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    @Override
    public ExitCode planned(RunPlan plan, ProgressLine progress) {
        progress.close();
        out.printf("Dry run: %s, nothing was written%n%n", plan.request().vault());
        plan.outcomes()
                .forEach((outcome, count) ->
                        row(outcome == Outcome.PENDING ? "would be backed up" : outcome.words(), count));
        row(
                "total",
                plan.outcomes().values().stream().mapToLong(Long::longValue).sum());
        incidents(plan.incidents(), plan.incidents().size());
        reuse(plan.reuse());
        return BackupReport.codeOf(plan);
    }

    @Override
    public ExitCode ended(RunResult result, ProgressLine progress) {
        progress.close();
        if (result.alreadyComplete()) {
            out.printf(
                    "Already complete: %s, snapshot %s. Nothing was left to do.%n",
                    result.request().vault(), result.request().snapshot());
            return ExitCode.DONE;
        }
        out.printf(
                "%s: %s%nSnapshot %s, execution %d%n%n",
                headline(result), result.request().vault(), result.request().snapshot(), result.execution());
        for (Map.Entry<Outcome, Long> outcome : result.outcomes().entrySet()) {
            row(outcome.getKey(), outcome.getValue());
        }
        row("total", result.objects());
        incidents(result.incidents(), result.incidentCount());
        out.println();
        reuse(result.reuse());
        cost(result.usage(), result);
        settlement(result.settlement());
        immutability(result.immutability());
        fact("copies", result.storeLocation());
        fact("manifest", result.manifest() == null ? "none" : result.manifest());
        fact("next", next(result));
        return BackupReport.codeOf(result);
    }

    private String headline(RunResult result) {
        return switch (result.status()) {
            case COMPLETE -> terminal.good("Complete");
            case INCOMPLETE -> terminal.bad("INCOMPLETE");
            case FAILED -> terminal.bad("FAILED");
            case STOPPED -> "Stopped before it was done";
            case ABANDONED -> "Abandoned";
            case RUNNING -> "Running";
        };
    }

    private void row(Outcome outcome, long count) {
        String row = line(outcome.words(), count);
        out.println(
                switch (outcome) {
                    case FAILED -> terminal.bad(row);
                    case BACKED_UP -> terminal.good(row);
                    default -> row;
                });
    }

    private static String line(String words, long count) {
        return String.format(Locale.ROOT, "  %-24s %,9d", words, count);
    }

    private void row(String words, long count) {
        out.println(line(words, count));
    }

    private void fact(String name, String value) {
        out.printf("  %-9s %s%n", name, Printable.text(value));
    }

    private void incidents(Iterable<Incident> incidents, long all) {
        long told = 0;
        for (Incident incident : incidents) {
            if (told++ == 0) {
                out.printf("%n%s%n", terminal.bad("Not done:"));
            }
            out.printf(
                    "  %s%n      %s: %s%n      -> %s%n",
                    Printable.line(incident.subject()),
                    incident.failure().reason().words(),
                    Printable.line(incident.failure().describe()),
                    incident.failure().reason().advice());
        }
        if (all > told) {
            out.printf(Locale.ROOT, "  ... and %,d more; 'keyvault-backup runs ID' shows all%n", all - told);
        }
    }

    private void cost(Pacer.@Nullable Usage usage, RunResult result) {
        double seconds = Math.max(0.001, result.duration().toMillis() / 1000.0);
        fact("time", String.format(Locale.ROOT, "%.1f s", seconds));
        if (usage != null) {
            fact(
                    "budget",
                    String.format(
                            Locale.ROOT,
                            "%,d requests spent, %.0f a second of %.0f allowed; throttled %d times",
                            usage.spent(),
                            usage.spent() / seconds,
                            usage.budget().perSecond(),
                            usage.throttles()));
        }
    }

    private void reuse(Reuse reuse) {
        if (!reuse.manifests().isEmpty()) {
            fact("builds on", String.join(", ", reuse.manifests()));
        }
        if (reuse.missing() > 0) {
            fact(
                    "note",
                    String.format(
                            Locale.ROOT,
                            "%,d copies that earlier snapshots have are gone from the store, or not as they were written; made anew."
                                    + " 'keyvault-backup verify' tells which",
                            reuse.missing()));
        }
        for (String why : reuse.unread()) {
            fact("note", "not built on a snapshot: " + why);
        }
    }

    private void immutability(Immutability immutability) {
        if (immutability.unprotected() != null) {
            fact("note", terminal.bad("NOT PROTECTED from removal") + ": " + immutability.unprotected());
        } else if (immutability.until() != null) {
            fact(
                    "kept",
                    "until " + immutability.until() + ": nobody can remove "
                            + (immutability.endingEarly() > 0 ? "what this run added" : "it") + " before");
            if (immutability.endingEarly() > 0) {
                fact(
                        "note",
                        String.format(
                                Locale.ROOT,
                                "%,d copies of earlier snapshots that it refers to can be removed before that: 'keyvault-backup protect' extends their"
                                        + " retention, and a run with --full copies them anew",
                                immutability.endingEarly()));
            }
        }
    }

    private void settlement(Settlement settlement) {
        String listings = settlement.rounds() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (listed again %s, %,d requests)",
                        settlement.rounds() == 1 ? "once" : settlement.rounds() + " times",
                        settlement.requests());
        if (settlement.consistentAsOf() != null) {
            fact("as of", settlement.consistentAsOf() + ": every copy is as its object was then" + listings);
        } else if (settlement.movingCount() > 0) {
            String named = settlement.moving().stream()
                    .limit(MOVING_NAMED)
                    .map(Moving::toString)
                    .collect(Collectors.joining(", "));
            long more = settlement.movingCount() - Math.min(MOVING_NAMED, settlement.movingCount());
            fact(
                    "as of",
                    "no one moment: still moving were " + named
                            + (more == 0 ? "" : String.format(Locale.ROOT, " and %,d more", more)) + listings);
        } else {
            fact("as of", "no moment that is known" + listings);
        }
    }

    private static String next(RunResult result) {
        String id = result.request().snapshot().value();
        if (result.status() == RunStatus.COMPLETE) {
            return "keyvault-backup runs " + id;
        }
        String again = "keyvault-backup backup --vault " + result.request().vault() + " --scheduled-for "
                + result.request().scheduledFor() + (result.request().full() ? " --full" : "");
        boolean byOperator = result.incidents().stream()
                .anyMatch(incident -> incident.failure().reason() == FailureReason.STOPPED);
        if (byOperator) {
            return "nothing, until it is retried:\n            keyvault-backup retry --vault "
                    + result.request().vault() + " --run " + id;
        }
        if (result.status() == RunStatus.STOPPED) {
            return "what is not done yet:\n            " + again;
        }
        return BackupReport.codeOf(result) == ExitCode.INCOMPLETE_FOR_GOOD
                ? "no relaunch can help: see what is advised above"
                : "mend what is named above, then relaunch, which does only what is not done:\n            " + again;
    }
}
