package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.snapshot.StopNote;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Shows runs. */
interface RunsReport {

    /** @param stops the stop that holds for a run, if one does */
    void list(
            List<RunRecord> runs,
            Function<RunRecord, Map<Outcome, Long>> counts,
            Function<RunRecord, Optional<StopNote>> stops);

    /**
     * @param incidents what went wrong with its executions, by their numbers
     * @param letGo whether the ledger has how many objects ended so, and no more the objects themselves
     */
    void show(
            RunRecord run,
            Map<Integer, List<Incident>> incidents,
            Optional<StopNote> stop,
            ObjectLedger objects,
            boolean letGo,
            boolean failedOnly);
}
