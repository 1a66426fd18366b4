package io.keyvaultbackup.cli;

import io.keyvaultbackup.recovery.PlannedRestore;
import io.keyvaultbackup.recovery.RestorePlan;
import io.keyvaultbackup.recovery.RestoreResult;
import io.keyvaultbackup.run.RestoreOutcome;

/** Tells how restores are planned and went. */
interface RestoreReporting {

    /** Of a dry run: one object. */
    void planned(PlannedRestore planned);

    /** Of a dry run: all of it. */
    ExitCode plan(RestorePlan plan);

    /** What is about to be done. */
    void before(RestorePlan plan);

    ExitCode ended(RestoreResult result);

    /** What a plan means for a script. */
    static ExitCode codeOf(RestorePlan plan) {
        if (plan.count(RestoreOutcome.FAILED) > 0) {
            return ExitCode.INCOMPLETE;
        }
        boolean whole = plan.inTheWay() == 0
                && plan.count(RestoreOutcome.IMPOSSIBLE) == 0
                && plan.notInSnapshot().isEmpty();
        return whole ? ExitCode.DONE : ExitCode.INCOMPLETE_FOR_GOOD;
    }

    /** What a result means for a script. */
    static ExitCode codeOf(RestoreResult result) {
        return switch (result.status()) {
            case COMPLETE -> ExitCode.DONE;
            case DIFFERENT -> ExitCode.DAMAGED;
            case BLOCKED -> ExitCode.INCOMPLETE_FOR_GOOD;
            case DECLINED, FAILED -> ExitCode.FAILED;
            case STOPPED -> ExitCode.INTERRUPTED;
            case INCOMPLETE -> {
                if (result.damagedCopies()) {
                    yield ExitCode.DAMAGED;
                }
                if (result.missingPermission()) {
                    yield ExitCode.NOT_AUTHORISED;
                }
                yield result.relaunchMayHelp() ? ExitCode.INCOMPLETE : ExitCode.INCOMPLETE_FOR_GOOD;
            }
        };
    }
}
