package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.snapshot.StopNote;
import io.keyvaultbackup.vault.Failure;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** As JSON lines: one for each run; for one run, one for each execution, listing and object. */
final class RunsJsonReport implements RunsReport {

    private final JsonLines lines;

    RunsJsonReport(PrintStream out) {
        this.lines = new JsonLines(out);
    }

    @Override
    public void list(
            List<RunRecord> runs,
            Function<RunRecord, Map<Outcome, Long>> counts,
            Function<RunRecord, Optional<StopNote>> stops) {
        runs.forEach(run -> lines.print("run", describe(run, counts.apply(run), stops.apply(run))));
    }

    @Override
    public void show(
            RunRecord run,
            Map<Integer, List<Incident>> incidents,
            Optional<StopNote> stop,
            ObjectLedger objects,
            boolean letGo,
            boolean failedOnly) {
        Map<String, @Nullable Object> itself = describe(run, objects.counts(run.snapshot()), stop);
        itself.put("objects_kept", !letGo);
        lines.print("run", itself);
        for (RunRecord.Execution execution : run.executions()) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("execution", execution.number());
            line.put("status", execution.status().name());
            line.put("started_at", execution.startedAt().toString());
            line.put(
                    "ended_at",
                    execution.endedAt() == null ? null : execution.endedAt().toString());
            line.put("manifest", execution.manifest());
            line.put(
                    "consistent_as_of",
                    execution.consistentAsOf() == null
                            ? null
                            : execution.consistentAsOf().toString());
            line.put("units_spent", execution.unitsSpent());
            line.put("throttled", execution.throttles());
            lines.print("execution", line);
            for (Incident incident : incidents.getOrDefault(execution.number(), List.of())) {
                Map<String, @Nullable Object> wrong = new LinkedHashMap<>();
                wrong.put("execution", execution.number());
                wrong.put("subject", incident.subject());
                failure(wrong, incident.failure());
                lines.print("incident", wrong);
            }
        }
        for (Listing listing : objects.listings(run.snapshot())) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("kind", listing.kind().word());
            line.put("objects", listing.objects());
            failure(line, listing.failure());
            lines.print("listing", line);
        }
        objects.forEach(run.snapshot(), object -> {
            if (!failedOnly || object.result().outcome() == Outcome.FAILED) {
                lines.print("object", describe(object));
            }
        });
    }

    private static Map<String, @Nullable Object> describe(
            RunRecord run, Map<Outcome, Long> outcomes, Optional<StopNote> stop) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("run", run.snapshot().value());
        line.put("vault", run.request().vault().toString());
        line.put("scheduled_for", run.request().scheduledFor().toString());
        line.put("selection", run.request().selection().canonical());
        line.put("status", run.status().name());
        line.put("executions", run.executions().size());
        line.put("outcomes", outcomes);
        stop.ifPresent(note -> {
            line.put("stopped_by", note.by());
            line.put("stopped_at", note.isDated() ? note.at().toString() : null);
            line.put("stop_reason", note.reason());
        });
        return line;
    }

    private static Map<String, @Nullable Object> describe(LedgerObject object) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("object", object.object().id().toString());
        line.put("outcome", object.result().outcome().name());
        line.put("execution", object.execution());
        line.put("attempts", object.result().attempts());
        line.put(
                "versions",
                object.result().versions() == null
                        ? null
                        : object.result().versions().size());
        if (object.result().blob() != null) {
            line.put("size", object.result().blob().size());
            line.put("sha256", object.result().blob().sha256());
            line.put("blob", object.result().blob().name());
        }
        failure(line, object.result().failure());
        return line;
    }

    private static void failure(Map<String, @Nullable Object> line, @Nullable Failure failure) {
        if (failure != null) {
            line.put("reason", failure.reason().name());
            line.put("status", failure.status());
            line.put("code", failure.code());
            line.put("message", failure.message());
            line.put("request_id", failure.requestId());
            line.put("advice", failure.reason().advice());
        }
    }
}
