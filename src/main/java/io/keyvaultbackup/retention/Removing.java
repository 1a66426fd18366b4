package io.keyvaultbackup.retention;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.BlobRemoval;
import io.keyvaultbackup.store.StoredBlob;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Removes, as long as it may: nothing is begun once a stop was given, which the loss of the lease does too. Safe for use by many threads. */
final class Removing {

    private static final Comparator<StoredBlob> NEWEST_FIRST = Comparator.comparing((StoredBlob blob) -> blob.name())
            .thenComparing(StoredBlob::version, Comparator.nullsLast(Comparator.naturalOrder()))
            .reversed();

    private final BlobRemoval removal;
    private final Patience patience;
    private final StopSignal stop;
    private final BooleanSupplier held;

    /** @param held whether the vault's lease is, at this very moment */
    Removing(BlobRemoval removal, Patience patience, StopSignal stop, BooleanSupplier held) {
        this.removal = removal;
        this.patience = patience;
        this.stop = stop;
        this.held = held;
    }

    /** @throws StoppedException if nothing more is to be begun */
    void goOn() {
        if (!held.getAsBoolean() || stop.isGiven()) {
            throw new StoppedException();
        }
    }

    /**
     * Removes these bytes.
     *
     * @throws StoppedException if a stop was given, also between two tries or two requests of one
     */
    void remove(StoredBlob blob) {
        patience.call(() -> {
            removal.remove(blob, this::goOn);
            return blob;
        });
    }

    /** Removes all that has this name, the newest version first: what is a manifest's own was written first, and is there until all others are gone. */
    void removeAll(String name) {
        named(name).forEach(this::remove);
    }

    private List<StoredBlob> named(String name) {
        return patience.call(() -> {
            try (Stream<StoredBlob> blobs = removal.list(name)) {
                return blobs.filter(blob -> blob.name().equals(name))
                        .sorted(NEWEST_FIRST)
                        .toList();
            }
        });
    }
}
