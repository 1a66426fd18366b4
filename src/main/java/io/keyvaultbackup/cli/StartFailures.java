package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.DatabaseFailure;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.NestedExceptionUtils;

/** What an exception means that is neither a refusal nor a service's failure: mostly, why a start failed. Stateless. */
final class StartFailures {

    private static final List<String> FULL = List.of("no space left", "quota exceeded", "not enough space");
    private static final List<String> NOT_ALLOWED =
            List.of("permission denied", "read-only file system", "operation not permitted");

    private static final String OUT_OF_MEMORY = "Out of memory: the Java heap may have "
            + Runtime.getRuntime().maxMemory() / (1024 * 1024) + " MB, and more is needed.";
    private static final String MORE_MEMORY =
            "Give it more (java -Xmx512m -jar ..., or the container's memory limit), or lower keyvault-backup.memory"
                    + " and keyvault-backup.threads.";

    private StartFailures() {}

    static Diagnosis diagnose(Throwable thrown) {
        List<String> wrong = ConfigurationFailures.sentences(thrown);
        if (!wrong.isEmpty()) {
            return new Diagnosis(ExitCode.WRONG_USAGE, String.join(System.lineSeparator(), wrong), "");
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            Optional<Diagnosis> ofMachine = ofTheMachine(cause);
            if (ofMachine.isPresent()) {
                return ofMachine.get();
            }
        }
        return DatabaseFailure.of(thrown)
                .map(failure -> new Diagnosis(
                        failure.wrongConfiguration() ? ExitCode.WRONG_USAGE : ExitCode.FAILED,
                        failure.what(),
                        failure.advice()))
                .orElseGet(() -> unknown(thrown));
    }

    private static Optional<Diagnosis> ofTheMachine(Throwable cause) {
        String said = cause instanceof IOException ? String.valueOf(cause.getMessage()) : "";
        String lowerCase = said.toLowerCase(Locale.ROOT);
        if (cause instanceof OutOfMemoryError) {
            return failed(OUT_OF_MEMORY, MORE_MEMORY);
        }
        if (cause instanceof PortInUseException taken) {
            return failed(
                    "The port " + taken.getPort() + " is in use by another process.",
                    "End that process, or choose another: --port (keyvault-backup.dashboard.port) for the dashboard,"
                            + " --management-port (keyvault-backup.dashboard.management-port) for health and metrics.");
        }
        if (cause instanceof BindException || lowerCase.contains("address already in use")) {
            return failed(
                    "A port that is to be opened is in use by another process (" + said + ").",
                    "End that process, or configure another port: AUTO_SERVER_PORT in spring.datasource.url for the job"
                            + " database.");
        }
        if (FULL.stream().anyMatch(lowerCase::contains)) {
            return failed(
                    "The disk is full: " + said + ".",
                    "Make room where keyvault-backup.data-directory and the directory for temporary files lie, then start"
                            + " it again.");
        }
        if (cause instanceof AccessDeniedException || NOT_ALLOWED.stream().anyMatch(lowerCase::contains)) {
            return failed(
                    "A file may not be written or read: " + said + ".",
                    "Give this process's user the right to, or name another place: keyvault-backup.data-directory.");
        }
        return Optional.empty();
    }

    /** In whole, for who can't afford anything more then. */
    static String outOfMemory() {
        return "keyvault-backup: " + OUT_OF_MEMORY + " " + MORE_MEMORY;
    }

    private static Optional<Diagnosis> failed(String what, String advice) {
        return Optional.of(new Diagnosis(ExitCode.FAILED, what, advice));
    }

    /** A defect of this program, perhaps: nothing that it was made to expect. */
    private static Diagnosis unknown(Throwable thrown) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(thrown);
        String message = root.getMessage();
        return new Diagnosis(
                ExitCode.FAILED,
                "An unexpected failure: "
                        + (message == null || message.isBlank()
                                        ? root.getClass().getSimpleName()
                                        : message)
                                .replaceAll("\\b(?:[a-z]\\w*\\.){2,}(?=[A-Z])", ""),
                "The same command with --debug shows where it happened; if it stays, report it with that.");
    }
}
