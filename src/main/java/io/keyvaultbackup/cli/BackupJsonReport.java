package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.Immutability;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Reuse;
import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.Settlement;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** As JSON lines: an error for each failure, then a summary. */
final class BackupJsonReport implements BackupReport {

    private static final int MOVING_NAMED = 50;

    private final JsonLines lines;

    BackupJsonReport(PrintStream out) {
        this.lines = new JsonLines(out);
    }

    @Override
    public ExitCode planned(RunPlan plan, ProgressLine progress) {
        progress.close();
        plan.incidents().forEach(incident -> error(plan.request().vault().toString(), incident));
        ExitCode code = BackupReport.codeOf(plan);
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("vault", plan.request().vault().toString());
        summary.put("dry_run", true);
        summary.put("outcomes", plan.outcomes());
        reuse(summary, plan.reuse());
        summary.put("exit_code", code.number());
        lines.print("summary", summary);
        return code;
    }

    private static void reuse(Map<String, @Nullable Object> summary, Reuse reuse) {
        summary.put("builds_on", reuse.manifests());
        summary.put("copies_missing", reuse.missing());
        if (!reuse.unread().isEmpty()) {
            summary.put("not_built_on", reuse.unread());
        }
    }

    @Override
    public ExitCode ended(RunResult result, ProgressLine progress) {
        progress.close();
        result.incidents().forEach(incident -> error(result.request().vault().toString(), incident));
        ExitCode code = BackupReport.codeOf(result);
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("vault", result.request().vault().toString());
        summary.put("snapshot", result.request().snapshot().value());
        summary.put("scheduled_for", result.request().scheduledFor().toString());
        summary.put("execution", result.execution());
        summary.put("status", result.status().name());
        summary.put("already_complete", result.alreadyComplete());
        summary.put("outcomes", result.outcomes());
        summary.put("failures", result.incidentCount());
        if (!result.alreadyComplete()) {
            reuse(summary, result.reuse());
        }
        summary.put("relaunch_may_help", result.relaunchMayHelp());
        if (!result.alreadyComplete() || result.settlement().consistentAsOf() != null) {
            settlement(summary, result.settlement());
        }
        immutability(summary, result.immutability());
        summary.put("store", result.storeLocation());
        summary.put("manifest", result.manifest());
        summary.put("seconds", result.duration().toMillis() / 1000.0);
        if (result.usage() != null) {
            summary.put("units_spent", result.usage().spent());
            summary.put("budget_per_10s", result.usage().budget().units());
            summary.put("throttled", result.usage().throttles());
        }
        summary.put("exit_code", code.number());
        lines.print("summary", summary);
        return code;
    }

    private static void immutability(Map<String, @Nullable Object> summary, Immutability immutability) {
        if (!immutability.equals(Immutability.NONE)) {
            summary.put(
                    "immutable_until",
                    immutability.until() == null ? null : immutability.until().toString());
            summary.put("not_protected", immutability.unprotected());
            summary.put("copies_ending_early", immutability.endingEarly());
        }
    }

    private static void settlement(Map<String, @Nullable Object> summary, Settlement settlement) {
        summary.put(
                "consistent_as_of",
                settlement.consistentAsOf() == null
                        ? null
                        : settlement.consistentAsOf().toString());
        summary.put("closing_listings", settlement.rounds());
        summary.put("closing_requests", settlement.requests());
        summary.put("moving_count", settlement.movingCount());
        if (settlement.movingCount() > 0) {
            summary.put(
                    "moving",
                    settlement.moving().stream()
                            .limit(MOVING_NAMED)
                            .map(moving -> Map.of(
                                    "object",
                                    moving.id().toString(),
                                    "change",
                                    moving.change().word()))
                            .toList());
        }
    }

    private void error(String vault, Incident incident) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("vault", vault);
        error.put("object", incident.subject());
        error.put("reason", incident.failure().reason().name());
        error.put("status", incident.failure().status());
        error.put("code", incident.failure().code());
        error.put("message", incident.failure().message());
        error.put("request_id", incident.failure().requestId());
        error.put("advice", incident.failure().reason().advice());
        lines.print("error", error);
    }
}
