package io.keyvaultbackup.cli;

import io.keyvaultbackup.recovery.PlannedRestore;
import io.keyvaultbackup.recovery.RestorePlan;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.recovery.RestoreResult;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RestoreOutcome;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** As text for people: the plan, what became of it, what differs and why, where the report is, what to do next. */
final class RestoreTextReport implements RestoreReporting {

    private static final Map<RestoreOutcome, String> PLANNED = new EnumMap<>(Map.of(
            RestoreOutcome.PENDING, "restore",
            RestoreOutcome.TO_RECOVER, "recover",
            RestoreOutcome.ALREADY_THERE, "skip",
            RestoreOutcome.RESTORED, "skip",
            RestoreOutcome.RECOVERED, "skip",
            RestoreOutcome.WITH_CERTIFICATE, "with certificate",
            RestoreOutcome.CONFLICT, "conflict",
            RestoreOutcome.SOFT_DELETED, "soft-deleted",
            RestoreOutcome.IMPOSSIBLE, "impossible",
            RestoreOutcome.FAILED, "not known"));

    private final Terminal terminal;
    private final PrintStream out;
    private final boolean quiet;
    private boolean planShown;

    RestoreTextReport(Terminal terminal, boolean quiet) {
        this.terminal = terminal;
        this.out = terminal.out();
        this.quiet = quiet;
    }

    @Override
    public void planned(PlannedRestore planned) {
        String line = String.format(
                "%-16s  %s",
                PLANNED.get(planned.outcome()), Printable.line(planned.id().toString()));
        out.println(RestoreOutcome.TO_DO.contains(planned.outcome()) ? line : terminal.notable(line));
        if (planned.why() != null) {
            out.println("    " + Printable.line(planned.why()));
        } else if (planned.outcome() == RestoreOutcome.ALREADY_THERE) {
            out.println("    already there, and the same");
        }
    }

    @Override
    public ExitCode plan(RestorePlan plan) {
        out.println();
        summary(plan, "Dry run: nothing was written");
        notInSnapshot(plan);
        ExitCode code = RestoreReporting.codeOf(plan);
        if (code == ExitCode.DONE) {
            out.println("  Without --dry-run this is what is done.");
        }
        return code;
    }

    @Override
    public void before(RestorePlan plan) {
        if (!quiet) {
            summary(plan, "Plan");
            notable(plan);
            planShown = true;
        }
    }

    private void summary(RestorePlan plan, String head) {
        RestoreRequest request = plan.request();
        out.printf(
                "%s: snapshot %s of %s into %s%n",
                head, request.snapshot().id(), request.snapshot().vault(), request.target());
        row("restore", plan.count(RestoreOutcome.PENDING));
        row("recover", plan.count(RestoreOutcome.TO_RECOVER));
        row(
                "skip: there, and the same",
                plan.count(RestoreOutcome.ALREADY_THERE)
                        + plan.count(RestoreOutcome.RESTORED)
                        + plan.count(RestoreOutcome.RECOVERED));
        row("with their certificate", plan.count(RestoreOutcome.WITH_CERTIFICATE));
        row("conflict: there, and other", plan.count(RestoreOutcome.CONFLICT));
        row("blocked by a deleted one", plan.count(RestoreOutcome.SOFT_DELETED));
        row(
                "impossible",
                plan.count(RestoreOutcome.IMPOSSIBLE) + plan.notInSnapshot().size());
        row("not known", plan.count(RestoreOutcome.FAILED));
        plan.notInSnapshot().forEach(name -> out.printf("    not in the snapshot: %s%n", Printable.line(name)));
        if (plan.deletedUnknown() != null) {
            out.printf(
                    "  Which deleted objects are in the way is not known, for want of permission to list them:%n    %s%n",
                    Printable.line(plan.deletedUnknown()));
        }
    }

    private void notable(RestorePlan plan) {
        notInSnapshot(plan);
        for (PlannedRestore planned : plan.notable()) {
            planned(planned);
        }
        long all = plan.inTheWay() + plan.count(RestoreOutcome.IMPOSSIBLE);
        if (all > plan.notable().size()) {
            out.printf(
                    Locale.ROOT,
                    "... and %,d more; --dry-run tells all%n",
                    all - plan.notable().size());
        }
    }

    private void notInSnapshot(RestorePlan plan) {
        plan.notInSnapshot().forEach(name -> out.printf("    not in the snapshot: %s%n", Printable.line(name)));
    }

    private void row(String words, long count) {
        if (count > 0) {
            out.printf(Locale.ROOT, "  %-28s %,9d%n", words, count);
        }
    }

    @Override
    public ExitCode ended(RestoreResult result) {
        ExitCode code = RestoreReporting.codeOf(result);
        if (quiet && code == ExitCode.DONE) {
            return code;
        }
        out.printf(
                "%s: snapshot %s of %s into %s%n",
                headline(result),
                result.request().snapshot().id(),
                result.request().snapshot().vault(),
                result.request().target());
        if (result.plan() != null && !planShown) {
            notable(result.plan());
        }
        result.counts().forEach((outcome, count) -> row(outcome.words(), count));
        row("not as in the snapshot", result.deviating());
        result.deviations().forEach((id, deviations) -> {
            out.printf("  %s%n", terminal.bad(Printable.line(id.toString())));
            deviations.forEach(deviation -> out.printf("      %s%n", Printable.line(deviation.toString())));
        });
        if (result.deviating() > result.deviations().size()) {
            out.println("  ... and more; the report tells all");
        }
        incidents(result);
        fact("time", String.format(Locale.ROOT, "%.1f s", result.duration().toMillis() / 1000.0));
        if (result.report() != null) {
            fact("report", result.report() + " in " + result.storeLocation());
        }
        fact("next", next(result, code));
        return code;
    }

    private String headline(RestoreResult result) {
        return switch (result.status()) {
            case COMPLETE -> terminal.good("Restored, and compared with the snapshot");
            case DIFFERENT -> terminal.bad("NOT AS IN THE SNAPSHOT");
            case INCOMPLETE -> terminal.bad("INCOMPLETE");
            case BLOCKED -> terminal.bad("Nothing was restored: names are taken");
            case DECLINED -> "Nothing was restored";
            case STOPPED -> "Stopped before it was done";
            case FAILED -> terminal.bad("FAILED");
        };
    }

    private void incidents(RestoreResult result) {
        for (Incident incident : result.incidents()) {
            out.printf(
                    "  %s%n      %s: %s%n      -> %s%n",
                    terminal.bad(Printable.line(incident.subject())),
                    incident.failure().reason().words(),
                    Printable.line(incident.failure().describe()),
                    incident.failure().reason().advice());
        }
        if (result.incidentCount() > result.incidents().size()) {
            out.println("  ... and more; the report tells all");
        }
    }

    private void fact(String name, String value) {
        out.printf("  %-9s %s%n", name, Printable.text(value));
    }

    /** The latest may be another one by then. */
    private static String named(RestoreResult result) {
        return "--snapshot " + result.request().snapshot().id();
    }

    private static String next(RestoreResult result, ExitCode code) {
        return switch (result.status()) {
            case COMPLETE -> "file the report; who used the old vault has to be told of the new one";
            case BLOCKED ->
                "nothing that exists is ever changed: the service has no restore over an object. Remove what is in the way"
                        + " (delete and purge), or restore the rest with --on-conflict skip";
            case DECLINED -> "the same command again, when it is wanted";
            case DIFFERENT ->
                "look at what differs; what exists is never overwritten, so delete and purge what is to go";
            case STOPPED, FAILED -> "the same command, with " + named(result) + ", continues it";
            case INCOMPLETE ->
                code == ExitCode.INCOMPLETE_FOR_GOOD
                        ? "no relaunch can help: see what is said above"
                        : "mend what is named above; the same command, with " + named(result)
                                + ", does only what is not done";
        };
    }
}
