package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectVersion;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a pending object.
 *
 * @param attempts backup calls made in this execution
 * @param versions what its versions' listing said, or null if they were not listed
 * @param blob where its bytes are, if BACKED_UP
 * @param failure why not, if FAILED
 */
public record ObjectResult(
        ObjectId id,
        Outcome outcome,
        int attempts,
        @Nullable List<ObjectVersion> versions,
        @Nullable Blob blob,
        @Nullable Failure failure) {

    /**
     * A backup blob in the store.
     *
     * @param version the store's id of these very bytes, where it keeps versions
     * @param callBegan when its backup call began, by this machine's clock
     * @param calledAfter the service's time, at least, when the call began; null if the service had not told its time
     */
    public record Blob(
            String name,
            @Nullable String version,
            long size,
            String sha256,
            Instant callBegan,
            @Nullable Instant calledAfter) {}
}
