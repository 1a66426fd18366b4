package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;

/** Tells how backups went. */
interface BackupReport {

    ExitCode planned(RunPlan plan, ProgressLine progress);

    ExitCode ended(RunResult result, ProgressLine progress);

    /** What a plan means for a script. */
    static ExitCode codeOf(RunPlan plan) {
        if (plan.incidents().isEmpty()) {
            return ExitCode.DONE;
        }
        boolean mayNot = plan.outcomes().isEmpty()
                && plan.incidents().stream()
                        .allMatch(incident -> incident.failure().reason().isMissingPermission());
        return mayNot ? ExitCode.NOT_AUTHORISED : ExitCode.INCOMPLETE;
    }

    /** What a run's end means for a script. */
    static ExitCode codeOf(RunResult result) {
        if (result.status() == RunStatus.COMPLETE) {
            return ExitCode.DONE;
        }
        if (result.status() == RunStatus.STOPPED) {
            return ExitCode.INTERRUPTED;
        }
        if (result.missingPermission()) {
            return ExitCode.NOT_AUTHORISED;
        }
        if (result.missingStore()) {
            return ExitCode.NOT_FOUND;
        }
        if (result.status() == RunStatus.FAILED) {
            return ExitCode.FAILED;
        }
        return result.relaunchMayHelp() ? ExitCode.INCOMPLETE : ExitCode.INCOMPLETE_FOR_GOOD;
    }
}
