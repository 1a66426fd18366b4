package io.keyvaultbackup.store.azure;

import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.store.LeaseLostException;
import io.keyvaultbackup.store.LeaseNote;
import java.time.Duration;

/** A lease that the service keeps. */
final class BlobLease implements Lease {

    private final LeaseContainer container;
    private final LeaseBlob blob;
    private final BlobLeaseClient claim;
    private final LeaseHolder taker;
    private final LeaseNote note;
    private final Duration lifetime;

    /** @param before what was noted before this one */
    BlobLease(
            LeaseContainer container,
            LeaseBlob blob,
            BlobLeaseClient claim,
            LeaseHolder taker,
            LeaseNote before,
            Duration lifetime) {
        this.container = container;
        this.blob = blob;
        this.claim = claim;
        this.taker = taker;
        this.note = before.heldBy(taker);
        this.lifetime = lifetime;
    }

    /** Writing the note may have taken its time, and whoever gets a lease counts on the whole of it. */
    void begin() {
        container.doing(() -> blob.write(note, claim));
        renew();
    }

    @Override
    public int execution() {
        return taker.execution();
    }

    @Override
    public Duration lifetime() {
        return lifetime;
    }

    @Override
    public void renew() {
        try {
            claim.renewLease();
        } catch (BlobStorageException refused) {
            ServiceAnswer answer = ServiceAnswer.of(refused.getResponse(), refused.getMessage());
            throw switch (answer.status()) {
                case 404, 409, 412 -> lost(answer);
                default -> container.understand(refused);
            };
        } catch (RuntimeException failed) {
            throw container.understand(failed);
        }
    }

    private LeaseLostException lost(ServiceAnswer answer) {
        return new LeaseLostException(
                blob.vault(),
                taker.snapshot(),
                taker.execution(),
                "it was not renewed in time, broken, or given back ("
                        + answer.failure().describe() + ")");
    }

    /** A run that is stopped has its thread interrupted, with which nothing could be sent. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            blob.write(note.givenBack(), claim);
        } catch (RuntimeException notWritten) {
            return; // whoever reads the note sees who had the lease last
        } finally {
            blob.release(claim);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
