package io.keyvaultbackup.verify;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Envelope;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.security.DigestInputStream;
import java.util.List;
import java.util.Optional;

/** Reads one copy, every byte, and says what is wrong with it. Safe for use by many threads. */
final class CopyReading {

    private static final int LOOKED_AT = 256 * 1024;

    private final BackupStore store;
    private final Patience patience;

    CopyReading(BackupStore store, Patience patience) {
        this.store = store;
        this.patience = patience;
    }

    /**
     * What reading came to.
     *
     * @param read whether its bytes were seen, so that it need not be read again
     */
    record Result(Copy copy, boolean read, List<IntegrityFinding> findings) {}

    Result read(Copy copy) {
        try {
            Bytes bytes = patience.call(() -> bytes(copy));
            return new Result(copy, true, look(copy, bytes).stream().toList());
        } catch (FailureException failed) {
            IntegrityFinding finding = failed.failure().reason() == FailureReason.NOT_FOUND
                    ? new IntegrityFinding(IntegrityProblem.COPY_MISSING, copy.blob(), Copies.missingMessage(copy))
                    : new IntegrityFinding(
                            IntegrityProblem.COPY_UNREAD,
                            copy.blob(),
                            failed.failure().describe());
            return new Result(copy, false, List.of(finding));
        }
    }

    private record Bytes(long length, String sha256, Envelope envelope) {}

    /** No more than it should have, whatever the store has there now. */
    private Bytes bytes(Copy copy) {
        try (DigestInputStream input =
                new DigestInputStream(store.open(copy.blob(), copy.version()), Sha256.digest())) {
            byte[] start = input.readNBytes(LOOKED_AT);
            long length = start.length;
            byte[] buffer = new byte[8192];
            for (int read = input.read(buffer); read >= 0 && length <= copy.size(); read = input.read(buffer)) {
                length += read;
            }
            return new Bytes(length, Sha256.text(input.getMessageDigest()), Envelope.of(start));
        } catch (IOException broken) {
            throw new StoreException(
                    Failure.of(
                            FailureReason.STORE_UNAVAILABLE,
                            copy.blob() + " could not be read: " + broken.getMessage()),
                    broken);
        }
    }

    private static Optional<IntegrityFinding> look(Copy copy, Bytes bytes) {
        if (bytes.length() != copy.size() || !bytes.sha256().equals(copy.sha256())) {
            return finding(
                    IntegrityProblem.COPY_DAMAGED,
                    copy,
                    "the copy of " + copy.id() + " is not as it was written: its SHA-256 is " + bytes.sha256()
                            + ", and should be " + copy.sha256());
        }
        Envelope envelope = bytes.envelope();
        if (envelope.kind().isEmpty()) {
            return finding(
                    IntegrityProblem.ENVELOPE_UNKNOWN,
                    copy,
                    "its bytes are as they were written, in an envelope that this version does not know");
        }
        boolean whole = envelope.whole() || bytes.length() > LOOKED_AT;
        return envelope.kind().get() == copy.id().kind() && whole
                ? Optional.empty()
                : finding(
                        IntegrityProblem.COPY_MISPLACED,
                        copy,
                        "its envelope is that of a " + envelope.kind().get().word()
                                + (whole ? "" : ", and is not whole") + "; the manifest has it for " + copy.id());
    }

    private static Optional<IntegrityFinding> finding(IntegrityProblem problem, Copy copy, String message) {
        return Optional.of(new IntegrityFinding(problem, copy.blob(), message));
    }
}
