package io.keyvaultbackup.store.azure;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHeldException;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.Leases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Leases of Blob Storage: the service keeps one blob for each vault to whoever has the lease, and ends that by its own clock; this
 * machine's is for the sentences only. The blob holds the note, which none but the one who has the lease can write.
 */
final class BlobLeases implements Leases {

    private static final int LOOKS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final LeaseContainer container;
    private final Duration lifetime;
    private final InstantSource clock;

    /** @param lifetime 15 s to 60 s, of which the service knows whole seconds */
    BlobLeases(BlobContainerClient container, Duration lifetime, InstantSource clock) {
        this.container = new LeaseContainer(container);
        this.lifetime = Duration.ofSeconds(lifetime.toSeconds());
        this.clock = clock;
    }

    @Override
    public Lease acquire(String vault, String snapshot, String owner, int leastExecution) {
        if (!BlobName.isPart(vault)) {
            throw new IllegalArgumentException("not a vault's part of a blob's name: " + vault);
        }
        LeaseBlob blob = container.blob(vault);
        BlobLeaseClient claim = blob.newClaim();
        if (!container.calling(() -> blob.take(claim, lifetime))) {
            throw new LeaseHeldException(vault, atTheLatest(noteThatNamesSomebody(blob)));
        }
        try {
            LeaseNote note = container.calling(blob::read);
            LeaseHolder taker = new LeaseHolder(
                    owner,
                    snapshot,
                    note.next(snapshot, leastExecution),
                    clock.instant().plus(lifetime),
                    claim.getLeaseId());
            BlobLease lease = new BlobLease(container, blob, claim, taker, note, lifetime);
            lease.begin();
            return lease;
        } catch (RuntimeException failed) {
            blob.release(claim);
            throw failed;
        }
    }

    @Override
    public LeaseNote note(String vault) {
        return container.calling(() -> container.blob(vault).readIfThere());
    }

    /** Who has only just got the lease has yet to write down who it is, which takes one request: a moment later it is known. */
    private LeaseNote noteThatNamesSomebody(LeaseBlob blob) {
        LeaseNote note = container.calling(blob::read);
        for (int look = 1; note.holder() == null && look < LOOKS; look++) {
            try {
                Thread.sleep(
                        BETWEEN_LOOKS); // the service tells nobody when a blob is written, so one can only look again
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return note;
            }
            note = container.calling(blob::read);
        }
        return note;
    }

    /** The service doesn't tell when a lease ends; it is renewed without a note of that, and none lasts longer than this from now. */
    private @Nullable LeaseHolder atTheLatest(LeaseNote note) {
        LeaseHolder holder = note.holder();
        Instant latest = clock.instant().plus(lifetime);
        return holder == null ? null : holder.until(latest);
    }
}
