package io.keyvaultbackup.cli;

import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.RetentionResult;

/** Tells what forgetting came to. */
interface ForgetReport {

    /** One vault. */
    ExitCode ended(RetentionResult result);

    /** There is no policy for this vault: nothing was looked at. */
    void leftAlone(String vault);

    /** There is no snapshot of any vault. */
    void nothingThere();

    static ForgetReport of(Terminal terminal, CommonOptions common, boolean quiet) {
        return common.json() ? new ForgetJsonReport(terminal.out()) : new ForgetTextReport(terminal, quiet);
    }

    /** What it means for a script. */
    static ExitCode codeOf(RetentionResult result) {
        if (!result.damage().isEmpty()) {
            return ExitCode.DAMAGED;
        }
        if (result.stopped()) {
            return ExitCode.INTERRUPTED;
        }
        return result.incidents().isEmpty() ? ExitCode.DONE : ExitCode.INCOMPLETE;
    }

    /** {@code manifest damaged}, where, and in which words. */
    static String line(IntegrityFinding finding) {
        return finding.problem().words() + "  " + Printable.line(finding.subject()) + System.lineSeparator() + "    "
                + Printable.line(finding.message());
    }
}
