package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunResult;

/** Says nothing of what went well; everything else is told. */
record QuietReport(BackupReport told) implements BackupReport {

    @Override
    public ExitCode planned(RunPlan plan, ProgressLine progress) {
        return BackupReport.codeOf(plan) == ExitCode.DONE ? ExitCode.DONE : told.planned(plan, progress);
    }

    @Override
    public ExitCode ended(RunResult result, ProgressLine progress) {
        return BackupReport.codeOf(result) == ExitCode.DONE ? ExitCode.DONE : told.ended(result, progress);
    }
}
