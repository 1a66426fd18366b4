package io.keyvaultbackup.cli;

import io.keyvaultbackup.recovery.PlannedRestore;
import io.keyvaultbackup.recovery.RestorePlan;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.recovery.RestoreResult;
import io.keyvaultbackup.run.Incident;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** As JSON lines: {@code planned} and {@code summary} of a dry run; {@code plan}, {@code error}, {@code difference} and {@code summary} of a restore. */
final class RestoreJsonReport implements RestoreReporting {

    private final JsonLines lines;
    private boolean planShown;

    RestoreJsonReport(PrintStream out) {
        this.lines = new JsonLines(out);
    }

    @Override
    public void planned(PlannedRestore planned) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("object", planned.id().toString());
        line.put("outcome", planned.outcome().name());
        line.put("why", planned.why());
        lines.print("planned", line);
    }

    @Override
    public ExitCode plan(RestorePlan plan) {
        ExitCode code = RestoreReporting.codeOf(plan);
        Map<String, @Nullable Object> line = line(plan);
        line.put("dry_run", true);
        line.put("exit_code", code.number());
        lines.print("summary", line);
        return code;
    }

    @Override
    public void before(RestorePlan plan) {
        plan.notable().forEach(this::planned);
        lines.print("plan", line(plan));
        planShown = true;
    }

    private static Map<String, @Nullable Object> line(RestorePlan plan) {
        Map<String, @Nullable Object> line = heading(plan.request());
        line.put("outcomes", plan.counts());
        line.put("not_in_snapshot", plan.notInSnapshot().isEmpty() ? null : plan.notInSnapshot());
        line.put("deleted_unknown", plan.deletedUnknown());
        return line;
    }

    private static Map<String, @Nullable Object> heading(RestoreRequest request) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("source", request.snapshot().vault());
        line.put("snapshot", request.snapshot().id().value());
        line.put("vault", request.target().toString());
        return line;
    }

    @Override
    public ExitCode ended(RestoreResult result) {
        return ended(result, Map.of());
    }

    /** The same, with more in its summary. */
    ExitCode ended(RestoreResult result, Map<String, ? extends @Nullable Object> more) {
        ExitCode code = RestoreReporting.codeOf(result);
        if (result.plan() != null && !planShown) {
            result.plan().notable().forEach(this::planned);
        }
        for (Incident incident : result.incidents()) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("object", incident.subject());
            line.put("reason", incident.failure().reason().name());
            line.put("message", incident.failure().describe());
            line.put("advice", incident.failure().reason().advice());
            lines.print("error", line);
        }
        result.deviations()
                .forEach((id, deviations) -> deviations.forEach(deviation -> {
                    Map<String, @Nullable Object> line = new LinkedHashMap<>();
                    line.put("object", id.toString());
                    line.put("field", deviation.field());
                    line.put("snapshot", deviation.saved());
                    line.put("vault", deviation.there());
                    lines.print("difference", line);
                }));
        Map<String, @Nullable Object> line = heading(result.request());
        line.put("restore", result.id());
        line.put("execution", result.execution());
        line.put("status", result.status().name());
        line.put("outcomes", result.counts());
        line.put(
                "not_in_snapshot",
                result.plan() == null || result.plan().notInSnapshot().isEmpty()
                        ? null
                        : result.plan().notInSnapshot());
        line.put("failures", result.incidentCount());
        line.put("differing", result.deviating());
        line.put("relaunch_may_help", result.relaunchMayHelp());
        line.put("report", result.report());
        line.put("store", result.storeLocation());
        line.put("seconds", result.duration().toMillis() / 1000.0);
        line.put("units_spent", result.usage().spent());
        line.put("budget_per_10s", result.usage().budget().units());
        line.put("throttled", result.usage().throttles());
        line.putAll(more);
        line.put("exit_code", code.number());
        lines.print("summary", line);
        return code;
    }
}
