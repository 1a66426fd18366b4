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
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads one copy, every byte, and says what is wrong with it. Safe for use by many threads. */
final class CopyReading {

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
        List<IntegrityFinding> findings = new ArrayList<>();
        try {
            byte[] bytes = patience.call(() -> bytes(copy));
            look(copy, bytes, findings);
            return new Result(copy, true, findings);
        } catch (FailureException failed) {
            boolean gone = failed.failure().reason() == FailureReason.NOT_FOUND;
            if (!gone) { // that one is missing is found by the listing
                findings.add(new IntegrityFinding(
                        IntegrityProblem.COPY_UNREAD,
                        copy.blob(),
                        failed.failure().describe()));
            }
            return new Result(copy, gone, findings);
        }
    }

    /** No more than it should have, whatever the store has there now. */
    private byte[] bytes(Copy copy) {
        try (InputStream input = store.open(copy.blob())) {
            return input.readNBytes(Math.toIntExact(copy.size()) + 1);
        } catch (IOException broken) {
            throw new StoreException(
                    Failure.of(
                            FailureReason.STORE_UNAVAILABLE,
                            copy.blob() + " could not be read: " + broken.getMessage()),
                    broken);
        }
    }

    private static void look(Copy copy, byte[] bytes, List<IntegrityFinding> findings) {
        var digest = Sha256.digest();
        digest.update(bytes);
        String sha256 = Sha256.text(digest);
        if (bytes.length != copy.size() || !sha256.equals(copy.sha256())) {
            findings.add(new IntegrityFinding(
                    IntegrityProblem.COPY_DAMAGED,
                    copy.blob(),
                    "the copy of " + copy.id() + " is not as it was written: its SHA-256 is " + sha256
                            + ", and should be " + copy.sha256()));
            return;
        }
        Envelope envelope = Envelope.of(bytes);
        if (envelope.kind().isPresent() && (envelope.kind().get() != copy.id().kind() || !envelope.whole())) {
            findings.add(new IntegrityFinding(
                    IntegrityProblem.COPY_MISPLACED,
                    copy.blob(),
                    "its envelope is that of a " + envelope.kind().get().word()
                            + (envelope.whole() ? "" : ", and is not whole") + "; the manifest has it for "
                            + copy.id()));
        }
        if (envelope.kind().isEmpty()) {
            findings.add(new IntegrityFinding(
                    IntegrityProblem.ENVELOPE_UNKNOWN,
                    copy.blob(),
                    "its bytes are as they were written, in an envelope that this version does not know"));
        }
    }
}
