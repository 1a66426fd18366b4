package io.keyvaultbackup.cli;

import io.keyvaultbackup.recovery.DrillResult;
import io.keyvaultbackup.recovery.PlannedRestore;
import io.keyvaultbackup.recovery.RestorePlan;
import io.keyvaultbackup.recovery.RestoreResult;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.ObjectId;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells how drills go, as text or as JSON lines ({@code plan}, {@code error}, {@code difference}, {@code summary}). */
final class DrillReporting {

    private static final double MILLIS = 1000.0;
    private static final int NAMED = 5;

    private final Terminal terminal;
    private final PrintStream out;
    private final boolean json;
    private final boolean quiet;

    DrillReporting(Terminal terminal, boolean json, boolean quiet) {
        this.terminal = terminal;
        this.out = terminal.out();
        this.json = json;
        this.quiet = quiet;
    }

    void before(RestorePlan plan) {
        if (json) {
            new RestoreJsonReport(out).before(plan);
        } else if (!quiet) {
            out.printf(
                    Locale.ROOT,
                    "Drill: %,d objects of snapshot %s of %s into %s, which is empty%n",
                    plan.toDo(),
                    plan.request().snapshot().id(),
                    plan.request().snapshot().vault(),
                    plan.request().target());
            lacking(plan);
        }
    }

    private void lacking(RestorePlan plan) {
        for (String name : plan.notInSnapshot()) {
            out.printf("  not in the snapshot: %s%n", Printable.line(name));
        }
        for (PlannedRestore planned : plan.notable()) {
            out.printf("  %s%n      %s%n", Printable.line(planned.id().toString()), Printable.line(words(planned)));
        }
    }

    void leftovers(List<ObjectId> objects) {
        if (!json && !quiet) {
            out.printf(
                    Locale.ROOT,
                    "A drill that did not end left %,d objects in the vault, in the versions that it restored: %s%s%n",
                    objects.size(),
                    String.join(
                            ", ",
                            objects.stream()
                                    .limit(NAMED)
                                    .map(ObjectId::toString)
                                    .toList()),
                    objects.size() > NAMED ? ", …" : "");
        }
    }

    void staysBehind(long objects, String recoveryLevel) {
        if (!json) {
            out.printf(
                    Locale.ROOT,
                    "%s%n  Its recovery level is %s: %,d objects will stay there, deleted, until their retention ends,"
                            + "%n  and the next drill cannot use their names before. One of them is restored already.%n",
                    terminal.notable("The scratch vault does not purge what is deleted, or does not tell."),
                    Printable.line(recoveryLevel),
                    objects);
        }
    }

    ExitCode ended(DrillResult drill, PausableProgress progress) {
        progress.pause();
        RestoreResult result = drill.outcome();
        ExitCode code = RestoreReporting.codeOf(result);
        if (json) {
            new RestoreJsonReport(out).ended(result, more(drill));
        } else if (!quiet || code != ExitCode.DONE) {
            text(drill, code);
        }
        return code;
    }

    private static Map<String, @Nullable Object> more(DrillResult drill) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>();
        more.put("recovery_level", drill.recoveryLevel());
        DrillResult.@Nullable Timing timing = drill.timing();
        if (timing != null) {
            more.put("restored", timing.objects());
            more.put("seconds_mean", timing.mean().toMillis() / MILLIS);
            more.put("seconds_longest", timing.longest().toMillis() / MILLIS);
            more.put("copies_in_snapshot", timing.copies());
            more.put("seconds_projected_for_all", timing.projected().toMillis() / MILLIS);
        }
        return more;
    }

    private void text(DrillResult drill, ExitCode code) {
        RestoreResult result = drill.outcome();
        out.printf(
                "%s: snapshot %s of %s, in %s%n",
                headline(result.status()),
                result.request().snapshot().id(),
                result.request().snapshot().vault(),
                result.request().target());
        if (result.status() != RestoreStatus.COMPLETE && result.plan() != null) {
            lacking(result.plan());
        }
        result.counts().forEach((outcome, count) -> out.printf(Locale.ROOT, "  %-28s %,9d%n", outcome.words(), count));
        result.deviations().forEach((id, deviations) -> {
            out.printf("  %s%n", terminal.bad(Printable.line(id.toString())));
            deviations.forEach(deviation -> out.printf("      %s%n", Printable.line(deviation.toString())));
        });
        for (Incident incident : result.incidents()) {
            out.printf(
                    "  %s%n      %s: %s%n      -> %s%n",
                    terminal.bad(Printable.line(incident.subject())),
                    incident.failure().reason().words(),
                    Printable.line(incident.failure().describe()),
                    incident.failure().reason().advice());
        }
        DrillResult.@Nullable Timing timing = drill.timing();
        if (timing != null) {
            fact(
                    "time",
                    String.format(
                            Locale.ROOT,
                            "%.2f s for an object, %.2f s at most; all %,d copies would take about %s",
                            timing.mean().toMillis() / MILLIS,
                            timing.longest().toMillis() / MILLIS,
                            timing.copies(),
                            span(timing.projected().toSeconds())));
        }
        if (result.report() != null) {
            fact("report", result.report() + " in " + result.storeLocation());
        }
        fact("next", next(result, code));
    }

    private static String words(PlannedRestore planned) {
        return planned.why() == null ? planned.outcome().words() : planned.why();
    }

    private static String span(long seconds) {
        return seconds < 120 ? seconds + " s" : (seconds + 59) / 60 + " min";
    }

    private String headline(RestoreStatus status) {
        return switch (status) {
            case COMPLETE -> terminal.good("Drilled: restored, compared, removed");
            case DIFFERENT -> terminal.bad("NOT AS IN THE SNAPSHOT");
            case INCOMPLETE -> terminal.bad("INCOMPLETE");
            case BLOCKED -> terminal.bad("Nothing was restored: deleted objects have the names");
            case DECLINED -> "Ended, as was asked";
            case STOPPED -> "Stopped before it was done";
            case FAILED -> terminal.bad("FAILED");
        };
    }

    private void fact(String name, String value) {
        out.printf("  %-9s %s%n", name, Printable.text(value));
    }

    private static String next(RestoreResult result, ExitCode code) {
        return switch (result.status()) {
            case COMPLETE -> "file the report; drill again with every change of vault, network or permissions";
            case BLOCKED -> "purge what is deleted there, or take another scratch vault";
            case DECLINED -> "the same command again, when it is wanted";
            case DIFFERENT -> "find out why before it is needed: a restore would come to the same";
            case STOPPED, FAILED -> "the same command again removes what is left there, and drills anew";
            case INCOMPLETE ->
                code == ExitCode.INCOMPLETE_FOR_GOOD
                        ? String.join("; ", forGood(result))
                        : "mend what is named above, and drill again";
        };
    }

    private static List<String> forGood(RestoreResult result) {
        List<String> next = new ArrayList<>();
        @Nullable RestorePlan plan = result.plan();
        if (plan != null && (!plan.notInSnapshot().isEmpty() || plan.count(RestoreOutcome.IMPOSSIBLE) > 0)) {
            next.add("the snapshot is not proven whole: it lacks what is said above");
        }
        if (result.count(RestoreOutcome.LEFT_BEHIND) > 0) {
            next.add("what was left behind, and why, is in the report; look who else works in the scratch vault");
        }
        return next.isEmpty() ? List.of("see what is said above") : next;
    }
}
