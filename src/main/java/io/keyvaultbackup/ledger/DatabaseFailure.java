package io.keyvaultbackup.ledger;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why the job database could not be used, for people.
 *
 * @param wrongConfiguration whether it is the configuration that has to be changed
 */
public record DatabaseFailure(String what, String advice, boolean wrongConfiguration) {

    // H2's own numbers; its SQL states are the same five digits.
    private static final int H2_ALREADY_OPEN = 90020;
    private static final int H2_FILE_CORRUPT = 90030;
    private static final int H2_FILE_UNREADABLE = 90028;
    private static final int H2_FILE_UNREADABLE_WHERE = 90031;
    private static final int H2_FILE_VERSION = 90048;
    private static final int H2_WRONG_PASSWORD = 28000;
    private static final int H2_SERVER_GONE = 90067;
    private static final int H2_GENERAL = 50000;

    /** Nothing that is written needs a conversion when it is read: such a value was changed on the disk. */
    private static final int H2_VALUE_OF_ANOTHER_TYPE = 22018;

    private static final int H2_NO_TIME = 22007;

    /** What its storage says, in H2's message, of pages and chunks that it cannot read or make sense of. */
    private static final Pattern H2_STORAGE_DAMAGED =
            Pattern.compile("MVStoreException.*\\[[\\d.]+/(?:1|3|6|8|9|50|100)]", Pattern.DOTALL);

    /** What an exception says of the database; nothing if it is about something else. */
    public static Optional<DatabaseFailure> of(Throwable thrown) {
        SQLException innermost = null;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof DatabaseRefusedException refused) {
                return Optional.of(refused.failure());
            }
            if (cause instanceof SQLException failed) {
                innermost = failed;
            }
        }
        return innermost == null ? Optional.empty() : Optional.of(of(innermost));
    }

    private static DatabaseFailure of(SQLException failed) {
        DatabaseFailure ofH2 = ofH2(failed);
        if (ofH2 != null) {
            return ofH2;
        }
        String state = String.valueOf(failed.getSQLState());
        String said = firstLine(failed);
        return switch (state) {
            case "28P01", "28000" ->
                wrong(
                        "The job database does not accept the user or password: " + said,
                        "Set spring.datasource.username, and the password in SPRING_DATASOURCE_PASSWORD.");
            case "3D000" ->
                wrong(
                        "The job database does not exist: " + said,
                        "Create it (createdb, or CREATE DATABASE), or correct the name in spring.datasource.url.");
            case "42501" ->
                wrong(
                        "The user of the job database lacks a right: " + said,
                        "Make the user the owner of the database, or grant CREATE on its schema.");
            case "53100" -> failed("The job database's disk is full: " + said, "Make room on the database's machine.");
            case "53300" ->
                failed(
                        "The job database takes no more connections: " + said,
                        "Lower spring.datasource.hikari.maximum-pool-size, or raise the server's max_connections.");
            default -> ofState(state, said, failed);
        };
    }

    private static DatabaseFailure ofState(String state, String said, SQLException failed) {
        if (state.startsWith("08") || state.startsWith("57P") || failed.getCause() instanceof ConnectException) {
            boolean unknownHost = failed.getCause() instanceof UnknownHostException;
            return failed(
                    "The job database cannot be reached: "
                            + (unknownHost ? "the name of its host cannot be resolved" : said),
                    "Check that it runs, and host and port in spring.datasource.url, from where this runs.");
        }
        return failed(
                "The job database failed: " + said,
                "The same command with --debug shows more. Nothing that is in the store depends on this database.");
    }

    private static @Nullable DatabaseFailure ofH2(SQLException failed) {
        return switch (failed.getErrorCode()) {
            case H2_ALREADY_OPEN ->
                failed(
                        "The job database is in use by another process, which has locked its file.",
                        "Wait until that process ends, or name another keyvault-backup.data-directory.");
            case H2_FILE_CORRUPT, H2_FILE_UNREADABLE, H2_FILE_UNREADABLE_WHERE, H2_VALUE_OF_ANOTHER_TYPE, H2_NO_TIME ->
                damaged();
            case H2_GENERAL ->
                H2_STORAGE_DAMAGED.matcher(String.valueOf(failed.getMessage())).find() ? damaged() : null;
            case H2_FILE_VERSION ->
                failed(
                        "The job database's file was written by another version of H2.",
                        "Use the version of this program that wrote it, or move keyvault-backup.mv.db out of"
                                + " keyvault-backup.data-directory: a new one is made.");
            case H2_WRONG_PASSWORD ->
                wrong(
                        "The job database does not accept the user or password.",
                        "Set spring.datasource.username, and the password in SPRING_DATASOURCE_PASSWORD, as they were when it"
                                + " was made.");
            case H2_SERVER_GONE ->
                failed(
                        "The job database is open in another process, and that process does not answer.",
                        "End that process; if there is none, remove keyvault-backup.lock.db from"
                                + " keyvault-backup.data-directory.");
            default -> null;
        };
    }

    private static DatabaseFailure damaged() {
        return failed(
                "The job database's file is damaged, or its disk is.",
                "Move the file keyvault-backup.mv.db out of keyvault-backup.data-directory and start again: a new one is"
                        + " made. What is in the store is whole without it; the list of past runs is lost.");
    }

    static DatabaseFailure failed(String what, String advice) {
        return new DatabaseFailure(what, advice, false);
    }

    private static DatabaseFailure wrong(String what, String advice) {
        return new DatabaseFailure(what, advice, true);
    }

    private static String firstLine(SQLException failed) {
        String message = failed.getMessage();
        return message == null || message.isBlank()
                ? "it does not say why"
                : message.strip()
                        .lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst("\\[\\d+-\\d+]$", "")
                        .strip();
    }
}
