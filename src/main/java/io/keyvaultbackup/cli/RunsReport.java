package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.run.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Shows runs. */
interface RunsReport {

    void list(List<RunRecord> runs, Function<RunRecord, Map<Outcome, Long>> counts);

    void show(RunRecord run, ObjectLedger objects, boolean failedOnly);
}
