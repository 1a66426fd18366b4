package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.ObjectKind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of a vault's blobs can go, in the order of their names. Names that are not those of copies, and runs that are not sealed, are passed over. For
 * one thread at a time.
 */
final class Sweep implements Supplier<Sweep.@Nullable Unneeded>, AutoCloseable {

    private final Parts parts;
    private final Needed needed;
    private final Duration grace;
    private final Tally tally;
    private final Stream<StoredBlob> listing;
    private final Iterator<StoredBlob> blobs;

    Sweep(Parts parts, Needed needed, Duration grace, Tally tally) {
        this.parts = parts;
        this.needed = needed;
        this.grace = grace;
        this.tally = tally;
        this.listing = parts.patience().call(() -> parts.removal().list(parts.vault() + "/"));
        this.blobs = listing.iterator();
    }

    /**
     * A blob that can go.
     *
     * @param orphan whether it never belonged to a snapshot
     */
    record Unneeded(StoredBlob blob, boolean orphan) {}

    @Override
    public @Nullable Unneeded get() {
        while (blobs.hasNext()) {
            Optional<Unneeded> next = look(blobs.next());
            if (next.isPresent()) {
                return next.get();
            }
        }
        return null;
    }

    private Optional<Unneeded> look(StoredBlob blob) {
        Optional<SnapshotId> snapshot = snapshotOf(blob.name());
        if (snapshot.isEmpty() || needed.refersTo(blob.name())) {
            return Optional.empty();
        }
        String id = snapshot.get().value();
        int forgotten = needed.forgotten(id);
        boolean sealed = needed.isSealed(id);
        int execution = SnapshotNames.executionOf(blob.name());
        if ((!sealed && forgotten == 0) || needed.isUnderWay(id, execution)) {
            tally.unsealed(id);
            return Optional.empty();
        }
        // What came after the last manifest may be that of a run that is still to be sealed.
        boolean orphan = sealed || execution > forgotten;
        if (orphan && bornAt(blob, snapshot.get()).plus(grace).isAfter(parts.now())) {
            tally.young();
            return Optional.empty();
        }
        if (blob.protection().isInForce(parts.now())) {
            tally.locked(blob.protection());
            return Optional.empty();
        }
        return Optional.of(new Unneeded(blob, orphan));
    }

    /** Of a copy in this vault's folder whose name has every part that a copy's name has. */
    private Optional<SnapshotId> snapshotOf(String name) {
        boolean copy = SnapshotNames.executionOf(name) > 0
                && Arrays.stream(ObjectKind.values())
                        .anyMatch(
                                kind -> name.split("/", -1).length == 4 && name.split("/", -1)[2].equals(kind.word()));
        return copy
                ? SnapshotNames.snapshotOfCopy(name)
                        .filter(id -> name.startsWith(new SnapshotNames(parts.vault(), id.value()).blobs()))
                        .filter(id -> id.scheduledFor().isPresent())
                : Optional.empty();
    }

    private static Instant bornAt(StoredBlob blob, SnapshotId snapshot) {
        @Nullable String began = blob.metadata().get("began");
        try {
            if (began != null) {
                return Instant.parse(began);
            }
        } catch (DateTimeException unreadable) {
            // then it is as old as its snapshot
        }
        return snapshot.scheduledFor().orElseThrow();
    }

    @Override
    public void close() {
        listing.close();
    }
}
