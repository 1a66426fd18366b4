package io.keyvaultbackup.examination;

import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * One line of an examination.
 *
 * @param check what was looked at, in a word or two: {@code list secrets}
 * @param message what was seen, in the service's own words where it has any
 * @param remedy what mends it, as exactly as is known: a data action, a role, a command; null where nothing has to be done
 * @param reason why it failed, where that is understood
 */
public record Finding(
        String check,
        Level level,
        String message,
        @Nullable String remedy,
        @Nullable FailureReason reason) {

    /** How a check ended. */
    public enum Level {
        OK,
        /** Backups can be made, and something should be known or mended. */
        WARNING,
        /** Backups can not be made, or not all of them. */
        FAILED
    }

    public static Finding ok(String check, String message) {
        return new Finding(check, Level.OK, message, null, null);
    }

    public static Finding warning(String check, String message, String remedy) {
        return new Finding(check, Level.WARNING, message, remedy, null);
    }

    /** Failed for this reason, with the reason's own advice. */
    public static Finding failed(String check, Failure failure) {
        return failed(check, failure, failure.reason().advice());
    }

    /** Failed for this reason, and this mends it. */
    public static Finding failed(String check, Failure failure, String remedy) {
        return new Finding(check, Level.FAILED, failure.describe(), remedy, failure.reason());
    }
}
