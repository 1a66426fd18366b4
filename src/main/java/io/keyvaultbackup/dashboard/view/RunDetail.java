package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.ObjectPages;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.run.Incident;
import java.util.List;
import java.util.Map;

/**
 * All of a run but its objects.
 *
 * @param incidents what went wrong beside its objects, by the numbers of the executions
 * @param failures by reason, the most frequent first
 */
public record RunDetail(
        RunNow now, RunRecord record, Map<Integer, List<Incident>> incidents, List<ObjectPages.FailureGroup> failures) {

    public RunDetail {
        incidents = Map.copyOf(incidents);
        failures = List.copyOf(failures);
    }
}
