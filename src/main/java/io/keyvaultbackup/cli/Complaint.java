package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.core.NestedExceptionUtils;

/** Says what went wrong and what to do, and which exit code that is. */
final class Complaint {

    private final Terminal terminal;
    private final boolean json;
    private final boolean debug;

    Complaint(Terminal terminal, boolean json, boolean debug) {
        this.terminal = terminal;
        this.json = json;
        this.debug = debug;
    }

    ExitCode about(Throwable thrown) {
        if (debug) {
            thrown.printStackTrace(terminal.err());
        }
        if (thrown instanceof IllegalArgumentException wrong) {
            return say(ExitCode.WRONG_USAGE, String.valueOf(wrong.getMessage()));
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case RunRefusedException refused -> {
                    return say(codeOf(refused), String.valueOf(refused.getMessage()));
                }
                case FailureException failed -> {
                    Failure failure = failed.failure();
                    return say(
                            codeOf(failure.reason()),
                            failure.describe()
                                    + System.lineSeparator()
                                    + failure.reason().advice());
                }
                case BindException wrong -> {
                    return say(ExitCode.WRONG_USAGE, UnreadableProperty.sentence(wrong));
                }
                default -> {
                    // look at its cause
                }
            }
        }
        Throwable root = NestedExceptionUtils.getMostSpecificCause(thrown);
        return say(ExitCode.FAILED, root.getMessage() == null ? root.toString() : root.getMessage());
    }

    /** The command line itself is not understood. */
    ExitCode aboutUsage(String message) {
        return say(ExitCode.WRONG_USAGE, message);
    }

    private static ExitCode codeOf(RunRefusedException refused) {
        return switch (refused.why()) {
            case WRONG_USAGE -> ExitCode.WRONG_USAGE;
            case STORE_NOT_FOUND -> ExitCode.NOT_FOUND;
            case HELD -> ExitCode.HELD;
        };
    }

    private static ExitCode codeOf(FailureReason reason) {
        return switch (reason) {
            case STORE_NOT_FOUND -> ExitCode.NOT_FOUND;
            case STORE_NOT_AUTHORISED -> ExitCode.NOT_AUTHORISED;
            default -> reason.isMissingPermission() ? ExitCode.NOT_AUTHORISED : ExitCode.FAILED;
        };
    }

    private ExitCode say(ExitCode code, String message) {
        if (json) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("message", message);
            error.put("exit_code", code.number());
            new JsonLines(terminal.out()).print("error", error);
        } else {
            terminal.err().println("keyvault-backup: " + message.replace("\n", "\n    "));
        }
        return code;
    }
}
