package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.RetentionResult;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** As JSON lines. */
final class ForgetJsonReport implements ForgetReport {

    private final JsonLines lines;

    ForgetJsonReport(PrintStream out) {
        this.lines = new JsonLines(out);
    }

    @Override
    public void nothingThere() {
        lines.print("summary", Map.of("snapshots", 0, "exit_code", ExitCode.DONE.number()));
    }

    @Override
    public void leftAlone(String vault) {
        lines.print("summary", Map.of("vault", vault, "status", "NO_POLICY", "exit_code", ExitCode.DONE.number()));
    }

    @Override
    public ExitCode ended(RetentionResult result) {
        result.snapshots().forEach(fate -> snapshot(result, fate));
        result.damage().forEach(this::finding);
        result.incidents().forEach(incident -> incident(result, incident));
        ExitCode code = ForgetReport.codeOf(result);
        RetentionResult.Counts counts = result.counts();
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("vault", result.vault());
        line.put("status", status(code));
        line.put("dry_run", result.dryRun());
        line.put("own_policy", result.ownPolicy());
        line.put("snapshots", result.snapshots().size());
        line.put("snapshots_removed", counts.snapshots());
        line.put("manifests_removed", counts.manifests());
        line.put("blobs_removed", counts.blobs());
        line.put("bytes_freed", counts.bytes());
        line.put("orphans_removed", counts.orphans());
        line.put("orphans_kept", counts.orphansKept());
        line.put("blobs_locked", counts.locked());
        line.put(
                "locked_until",
                counts.lockedUntil() == null ? null : counts.lockedUntil().toString());
        line.put("blobs_locked_untold", counts.lockedUntold());
        line.put("unsealed_runs", counts.unsealedRuns());
        line.put("unsealed_blobs", counts.unsealedBlobs());
        line.put("swept", result.swept());
        line.put(
                "not_swept",
                result.notSwept() == null ? null : result.notSwept().name());
        line.put("findings", result.damage().size());
        line.put("seconds", result.duration().toMillis() / 1000.0);
        line.put("exit_code", code.number());
        lines.print("summary", line);
        return code;
    }

    private static String status(ExitCode code) {
        return switch (code) {
            case DONE -> "DONE";
            case DAMAGED -> "DAMAGED";
            case INTERRUPTED -> "STOPPED";
            default -> "INCOMPLETE";
        };
    }

    private void snapshot(RetentionResult result, RetentionResult.Fate fate) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("vault", result.vault());
        line.put("snapshot", fate.snapshot().value());
        line.put("action", fate.action().name().toLowerCase(Locale.ROOT));
        line.put("complete", fate.complete());
        line.put("pinned", fate.labels().pinned());
        line.put("tags", fate.labels().tags());
        line.put("reasons", fate.reasons());
        lines.print("snapshot", line);
    }

    private void finding(IntegrityFinding finding) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("level", finding.problem().level().name());
        line.put("problem", finding.problem().name());
        line.put("subject", finding.subject());
        line.put("message", finding.message());
        lines.print("finding", line);
    }

    private void incident(RetentionResult result, Incident incident) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("vault", result.vault());
        line.put("subject", incident.subject());
        line.put("reason", incident.failure().reason().name());
        line.put("message", incident.failure().describe());
        lines.print("error", line);
    }
}
