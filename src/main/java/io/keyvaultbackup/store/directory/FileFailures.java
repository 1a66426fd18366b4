package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What an {@link IOException} of a directory store means. */
final class FileFailures {

    /** What Linux, macOS and Windows say; a full disk has no exception of its own in Java. */
    private static final List<String> FULL =
            List.of("no space left", "quota exceeded", "not enough space", "file too large");

    private static final List<String> NOT_ALLOWED =
            List.of("read-only file system", "permission denied", "operation not permitted");

    private FileFailures() {}

    static StoreException of(String deed, Path path, IOException failed) {
        String said = said(failed);
        return new StoreException(
                Failure.of(reason(failed, said), "cannot " + deed + " " + path + ": " + said), failed);
    }

    static StoreException of(FailureReason reason, String message) {
        return new StoreException(Failure.of(reason, message), null);
    }

    static boolean isForWantOfRoom(IOException failed) {
        return reason(failed, said(failed)) == FailureReason.STORE_FULL;
    }

    private static FailureReason reason(IOException failed, String said) {
        String lowerCase = said.toLowerCase(Locale.ROOT);
        if (FULL.stream().anyMatch(lowerCase::contains)) {
            return FailureReason.STORE_FULL;
        }
        if (failed instanceof AccessDeniedException || NOT_ALLOWED.stream().anyMatch(lowerCase::contains)) {
            return FailureReason.STORE_NOT_AUTHORISED;
        }
        return FailureReason.STORE_UNAVAILABLE;
    }

    private static String said(IOException failed) {
        String reason = failed instanceof FileSystemException named ? named.getReason() : failed.getMessage();
        return reason != null ? reason : describe(failed);
    }

    private static String describe(IOException failed) {
        return failed instanceof AccessDeniedException
                ? "access denied"
                : failed.getClass().getSimpleName();
    }
}
