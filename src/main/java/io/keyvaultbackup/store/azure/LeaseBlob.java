package io.keyvaultbackup.store.azure;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Duration;
import java.util.Set;

/** The blob of one vault's lease, which holds its note. Throws what the SDK does. Safe for use by many threads. */
final class LeaseBlob {

    private static final Set<String> HELD = Set.of("LeaseAlreadyPresent", "LeaseIsBreakingAndCannotBeAcquired");

    private final LeaseContainer container;
    private final BlobClient blob;

    LeaseBlob(LeaseContainer container, BlobClient blob) {
        this.container = container;
        this.blob = blob;
    }

    String vault() {
        return blob.getBlobName();
    }

    /** An id of its own, so that a request whose answer was lost can be sent again. */
    BlobLeaseClient newClaim() {
        return new BlobLeaseClientBuilder().blobClient(blob).buildClient();
    }

    /** False if somebody else has the lease. */
    boolean take(BlobLeaseClient claim, Duration lifetime) {
        try {
            return isTaken(claim, lifetime);
        } catch (BlobStorageException refused) {
            if (refused.getStatusCode() != 404) {
                throw refused;
            }
            container.createIfMissing(refused);
            create();
            return isTaken(claim, lifetime);
        }
    }

    private static boolean isTaken(BlobLeaseClient claim, Duration lifetime) {
        try {
            claim.acquireLease((int) lifetime.toSeconds());
            return true;
        } catch (BlobStorageException refused) {
            String code = ServiceAnswer.of(refused.getResponse(), refused.getMessage())
                    .code();
            if (code != null && HELD.contains(code)) {
                return false;
            }
            throw refused;
        }
    }

    /** Somebody else may just have done so, and may have the lease already. */
    private void create() {
        try {
            upload(LeaseNote.NEW, new BlobRequestConditions().setIfNoneMatch("*"));
        } catch (BlobStorageException refused) {
            if (refused.getStatusCode() != 409 && refused.getStatusCode() != 412) {
                throw refused;
            }
        }
    }

    /** A note that can't be read may be somebody's numbers: to take it for none would give them out again. */
    LeaseNote read() {
        try {
            return LeaseNote.of(blob.downloadContent().toBytes());
        } catch (IllegalArgumentException damaged) {
            throw new StoreException(
                    Failure.of(
                            FailureReason.REFUSED,
                            "which numbers this vault's executions had can not be told, since blob " + vault() + " in "
                                    + container.location() + " is damaged (" + damaged.getMessage()
                                    + "). Make sure that nobody does, then delete that blob."),
                    damaged);
        }
    }

    /** Of a vault that never had a lease, too. */
    LeaseNote readIfThere() {
        try {
            return read();
        } catch (BlobStorageException refused) {
            if (refused.getStatusCode() == 404) {
                return LeaseNote.NEW;
            }
            throw refused;
        }
    }

    void write(LeaseNote note, BlobLeaseClient claim) {
        upload(note, new BlobRequestConditions().setLeaseId(claim.getLeaseId()));
    }

    private void upload(LeaseNote note, BlobRequestConditions conditions) {
        BlockBlobSimpleUploadOptions options = new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(note.bytes()))
                .setHeaders(new BlobHttpHeaders().setContentType("application/json"))
                .setRequestConditions(conditions);
        blob.getBlockBlobClient().uploadWithResponse(options, null, Context.NONE);
    }

    void release(BlobLeaseClient claim) {
        try {
            claim.releaseLease();
        } catch (RuntimeException notReleased) {
            return; // it ends by itself, or was lost
        }
    }
}
