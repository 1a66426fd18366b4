package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.DatabaseFailure;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Says what went wrong and what to do, and which exit code that is. */
final class Complaint {

    private final Terminal terminal;
    private final boolean json;
    private final boolean debug;
    private final boolean stopped;

    Complaint(Terminal terminal, boolean json, boolean debug) {
        this(terminal, json, debug, false);
    }

    private Complaint(Terminal terminal, boolean json, boolean debug, boolean stopped) {
        this.terminal = terminal;
        this.json = json;
        this.debug = debug;
        this.stopped = stopped;
    }

    /** One about what was stopped, where a stop was given. */
    Complaint afterA(StopSignal stop) {
        return new Complaint(terminal, json, debug, stop.isGiven());
    }

    ExitCode about(Throwable thrown) {
        return say(understand(thrown));
    }

    /** The same, where it concerns one of several vaults. */
    ExitCode about(Throwable thrown, String vault) {
        Diagnosis diagnosis = understand(thrown);
        return say(diagnosis.code(), diagnosis.message(), Map.of("vault", vault));
    }

    /** The same, of a run that may have been under way; what made it fail from outside can be mended, and then it is continued. */
    ExitCode about(Throwable thrown, RunRequest run) {
        Diagnosis diagnosis = understand(thrown);
        boolean lostTheDatabase = diagnosis.code() == ExitCode.INTERRUPTED
                && !diagnosis.advice().isEmpty(); // a refusal has said how to go on
        String relaunch = diagnosis.code() == ExitCode.FAILED || lostTheDatabase
                ? " Then relaunch it, which does only what is not done: keyvault-backup backup --vault " + run.vault()
                        + " --scheduled-for " + run.scheduledFor() + (run.full() ? " --full" : "")
                : "";
        Diagnosis whole = new Diagnosis(diagnosis.code(), diagnosis.what(), (diagnosis.advice() + relaunch).strip());
        return say(whole.code(), whole.message(), Map.of("vault", run.vault().toString()));
    }

    private Diagnosis understand(Throwable thrown) {
        if (debug) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            terminal.err().print(Printable.text(trace.toString()));
        }
        Diagnosis diagnosis = diagnose(thrown);
        return stopped ? ofStopped(diagnosis, thrown) : diagnosis;
    }

    /** That the job database was lost meanwhile is told, and the run is one that was stopped: nobody is to take it for one that has ended. */
    private static Diagnosis ofStopped(Diagnosis diagnosis, Throwable thrown) {
        boolean lostTheDatabase = diagnosis.code() == ExitCode.FAILED
                && DatabaseFailure.of(thrown).isPresent();
        return lostTheDatabase
                ? new Diagnosis(
                        ExitCode.INTERRUPTED, "Stopped before it was done. " + diagnosis.what(), diagnosis.advice())
                : diagnosis;
    }

    private static Diagnosis diagnose(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case RunRefusedException refused -> {
                    return new Diagnosis(codeOf(refused), String.valueOf(refused.getMessage()), "");
                }
                case FailureException failed -> {
                    Failure failure = failed.failure();
                    return new Diagnosis(
                            codeOf(failure.reason()),
                            failure.describe(),
                            failure.reason().advice());
                }
                default -> {
                    // look at its cause
                }
            }
        }
        return StartFailures.diagnose(thrown);
    }

    /**
     * Azure did not tell which vaults there are.
     *
     * @param instead what is done all the same
     * @param nothingElse whether that is nothing: then this is all that the program says
     */
    ExitCode aboutDiscovery(Failure failure, String instead, boolean nothingElse) {
        ExitCode code = codeOf(failure.reason());
        if (!nothingElse && code != ExitCode.NOT_AUTHORISED) {
            code = failure.reason().relaunchMayHelp() ? ExitCode.INCOMPLETE : ExitCode.INCOMPLETE_FOR_GOOD;
        }
        return say(
                code,
                "Which vaults there are could not be discovered: " + failure.describe() + ". " + instead + " "
                        + failure.reason().advice());
    }

    /** The command line itself is not understood. */
    ExitCode aboutUsage(String message) {
        return say(ExitCode.WRONG_USAGE, message);
    }

    private static ExitCode codeOf(RunRefusedException refused) {
        return switch (refused.why()) {
            case WRONG_USAGE -> ExitCode.WRONG_USAGE;
            case STORE_NOT_FOUND -> ExitCode.NOT_FOUND;
            case DAMAGED -> ExitCode.DAMAGED;
            case HELD -> ExitCode.HELD;
            case STOPPED -> ExitCode.INTERRUPTED;
        };
    }

    private static ExitCode codeOf(FailureReason reason) {
        if (reason.isMissingStore()) {
            return ExitCode.NOT_FOUND;
        }
        return reason.isMissingPermission() ? ExitCode.NOT_AUTHORISED : ExitCode.FAILED;
    }

    private ExitCode say(Diagnosis diagnosis) {
        return say(diagnosis.code(), diagnosis.message());
    }

    private ExitCode say(ExitCode code, String message) {
        return say(code, message, Map.of());
    }

    private ExitCode say(ExitCode code, String message, Map<String, String> about) {
        String shown = Printable.text(message);
        if (json) {
            Map<String, Object> error = new LinkedHashMap<>(about);
            error.put("message", shown);
            error.put("exit_code", code.number());
            new JsonLines(terminal.out()).print("error", error);
        } else {
            terminal.err().println("keyvault-backup: " + shown.replace("\n", "\n    "));
        }
        return code;
    }
}
