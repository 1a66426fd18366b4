package io.keyvaultbackup.store.directory;

import io.keyvaultbackup.store.BlobName;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHeldException;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.Leases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Leases in a directory: a note for each vault, and the clock of whoever looks at it. Machines that share the directory need clocks
 * that differ by much less than a lease lasts, and a file system that knows locks.
 */
final class DirectoryLeases implements Leases {

    private final LeaseFiles files;
    private final Duration lifetime;
    private final InstantSource clock;

    DirectoryLeases(Path root, Duration lifetime, InstantSource clock) {
        this.files = new LeaseFiles(root);
        this.lifetime = lifetime;
        this.clock = clock;
    }

    @Override
    public Lease acquire(String vault, String snapshot, String owner, int leastExecution) {
        if (!BlobName.isPart(vault)) {
            throw new IllegalArgumentException("not a vault's part of a blob's name: " + vault);
        }
        return files.changing(vault, file -> {
            LeaseNote note = file.read();
            LeaseHolder holder = note.holder();
            Instant now = clock.instant();
            if (holder != null && now.isBefore(holder.until())) {
                throw new LeaseHeldException(vault, holder);
            }
            LeaseHolder taker = new LeaseHolder(
                    owner,
                    snapshot,
                    note.next(snapshot, leastExecution),
                    now.plus(lifetime),
                    UUID.randomUUID().toString());
            file.write(note.heldBy(taker));
            return new DirectoryLease(this, vault, taker);
        });
    }

    @Override
    public LeaseNote note(String vault) {
        return files.changing(vault, LeaseFiles.LeaseFile::read);
    }

    Duration lifetime() {
        return lifetime;
    }

    /** Writes down that the lease ends later, or says who has it instead. */
    void renew(DirectoryLease lease, LeaseHolder taker) {
        files.changing(lease.vault(), file -> {
            LeaseNote note = file.read();
            if (!isStill(taker, note)) {
                throw lease.lost(note.holder());
            }
            file.write(note.heldBy(taker.until(clock.instant().plus(lifetime))));
            return taker;
        });
    }

    void giveBack(String vault, LeaseHolder taker) {
        files.changing(vault, file -> {
            LeaseNote note = file.read();
            if (isStill(taker, note)) {
                file.write(note.givenBack());
            }
            return taker;
        });
    }

    private static boolean isStill(LeaseHolder taker, LeaseNote note) {
        LeaseHolder holder = note.holder();
        return holder != null && holder.token().equals(taker.token()) && holder.execution() == taker.execution();
    }
}
