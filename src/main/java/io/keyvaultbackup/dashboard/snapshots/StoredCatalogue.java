package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.ManifestHead;
import io.keyvaultbackup.snapshot.SnapshotLabels;
import io.keyvaultbackup.snapshot.StoredLabels;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The store's catalogue, and what of it was read lately: so that somebody who goes from page to page does not have the same manifest read for each. Takes as long
 * as the store takes, and throws what that throws. Safe for use by many threads.
 */
final class StoredCatalogue {

    /** Of JSON; in memory it is about half as much again. What takes more than half of it by itself is not kept. */
    static final long ROOM = 32L * 1024 * 1024;

    private static final Duration LISTING_KEPT = Duration.ofSeconds(10);
    private static final int LISTINGS = 100;
    private static final int HEADS = 1_000;

    private final Catalogue catalogue;
    private final SnapshotLabels labels;
    private final InstantSource clock;
    private final Lately<String, Shelf> shelves = new Lately<>(LISTINGS, shelf -> 1);
    private final Lately<StoredManifest, ManifestHead> heads = new Lately<>(HEADS, head -> 1);
    private final Lately<StoredManifest, Whole> manifests = new Lately<>(ROOM, Whole::bytes);

    StoredCatalogue(Catalogue catalogue, SnapshotLabels labels, InstantSource clock) {
        this.catalogue = catalogue;
        this.labels = labels;
        this.clock = clock;
    }

    /** The snapshots of a vault, the newest first, and the labels of those that have any. */
    record Shelf(Instant at, List<StoredSnapshot> snapshots, Map<SnapshotId, StoredLabels> labels) {

        Shelf {
            snapshots = List.copyOf(snapshots);
            labels = Map.copyOf(labels);
        }

        Optional<StoredSnapshot> find(SnapshotId id) {
            return snapshots.stream()
                    .filter(snapshot -> snapshot.id().equals(id))
                    .findFirst();
        }

        StoredLabels labelsOf(SnapshotId id) {
            return labels.getOrDefault(id, StoredLabels.NONE);
        }
    }

    private record Whole(long bytes, List<LedgerObject> objects) {

        Whole {
            objects = List.copyOf(objects);
        }
    }

    /** Nobody wants more of a manifest that is too large to be kept. */
    private static final class Enough extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Enough() {
            super("enough", null, false, false);
        }
    }

    Shelf of(VaultAddress vault) {
        String folder = vault.storeName();
        Optional<Shelf> known = shelves.find(folder)
                .filter(shelf -> shelf.at().plus(LISTING_KEPT).isAfter(clock.instant()));
        if (known.isPresent()) {
            return known.get();
        }
        Shelf read = new Shelf(clock.instant(), catalogue.snapshots(List.of(folder)), labels.of(folder));
        shelves.keep(folder, read);
        return read;
    }

    ManifestHead head(StoredManifest manifest) {
        Optional<ManifestHead> known = heads.find(manifest);
        if (known.isPresent()) {
            return known.get();
        }
        ManifestHead read = catalogue.head(manifest);
        heads.keep(manifest, read);
        return read;
    }

    /** Whether reading it costs nothing. */
    boolean isKept(StoredManifest manifest) {
        return manifests.find(manifest).isPresent();
    }

    /** Whether it is read again each time. */
    static boolean isTooLarge(StoredManifest manifest) {
        return manifest.size() > ROOM / 2;
    }

    /** @param visitor gets object after object, until it says that it wants no more */
    void read(StoredManifest manifest, Predicate<LedgerObject> visitor) {
        Optional<Whole> known = manifests.find(manifest);
        if (known.isPresent()) {
            var _ = known.get().objects().stream().allMatch(visitor);
        } else if (isTooLarge(manifest)) {
            stream(manifest, visitor);
        } else {
            List<LedgerObject> objects = new ArrayList<>();
            catalogue.read(manifest, head -> heads.keep(manifest, head), objects::add);
            manifests.keep(manifest, new Whole(manifest.size(), objects));
            var _ = objects.stream().allMatch(visitor);
        }
    }

    private void stream(StoredManifest manifest, Predicate<LedgerObject> visitor) {
        try {
            catalogue.read(manifest, head -> heads.keep(manifest, head), object -> {
                if (!visitor.test(object)) {
                    throw new Enough();
                }
            });
        } catch (Enough enough) {
            // the rest is not read
        }
    }
}
