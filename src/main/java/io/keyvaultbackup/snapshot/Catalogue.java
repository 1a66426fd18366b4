package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The snapshots that a store holds, read from the store alone: no database and no vault is asked. Safe for use by many threads.
 */
public class Catalogue {

    private static final Comparator<StoredSnapshot> NEWEST_FIRST = Comparator.comparing(
                    (StoredSnapshot snapshot) -> snapshot.id().value())
            .reversed()
            .thenComparing(StoredSnapshot::vault);

    private final ObjectProvider<BackupStore> stores;
    private final Patience patience;

    Catalogue(ObjectProvider<BackupStore> stores, Stopwatch stopwatch) {
        this.stores = stores;
        this.patience = new Patience(stopwatch);
    }

    /** The vaults that the store may have snapshots of, by their folders' names. */
    public List<String> vaults() {
        return patience.call(() -> stores.getObject().folders()).stream()
                .filter(SnapshotNames::isVault)
                .toList();
    }

    /** All snapshots of these vaults, newest first. */
    public List<StoredSnapshot> snapshots(Collection<String> vaults) {
        List<StoredSnapshot> all = new ArrayList<>();
        for (String vault : vaults) {
            Map<String, List<StoredManifest>> manifests = new TreeMap<>();
            for (StoredManifest manifest : patience.call(() -> Chain.manifests(stores.getObject(), vault))) {
                manifests
                        .computeIfAbsent(manifest.snapshot().value(), id -> new ArrayList<>())
                        .add(manifest);
            }
            manifests.forEach((id, ofOne) -> {
                ofOne.sort(Comparator.comparingInt(StoredManifest::execution));
                all.add(new StoredSnapshot(vault, new SnapshotId(id), ofOne));
            });
        }
        all.sort(NEWEST_FIRST);
        return all;
    }

    /**
     * The same, and one whose store fails is told and passed over, as it may have a store of its own.
     *
     * @param failed hears the vault, and what its store said
     * @throws StoreException if all of them fail, the first's
     */
    public List<StoredSnapshot> snapshots(Collection<String> vaults, BiConsumer<String, StoreException> failed) {
        List<StoredSnapshot> all = new ArrayList<>();
        FailingStores failing = new FailingStores();
        Map<String, StoreException> ofVaults = new LinkedHashMap<>();
        for (String vault : vaults) {
            try {
                BackupStore store = stores.getObject().ofVault(vault);
                @Nullable StoreException known = failing.lasting(store);
                if (known != null) { // its other vaults need not wait for the same again
                    ofVaults.put(vault, known);
                    continue;
                }
                try {
                    all.addAll(snapshots(List.of(vault)));
                    failing.answered(store);
                } catch (StoreException unreachable) {
                    failing.failed(store, unreachable);
                    throw unreachable;
                }
            } catch (StoreException unreachable) {
                ofVaults.put(vault, unreachable);
            }
        }
        if (!vaults.isEmpty() && ofVaults.size() == vaults.size()) {
            throw ofVaults.values().iterator().next();
        }
        ofVaults.forEach(failed);
        all.sort(NEWEST_FIRST);
        return all;
    }

    /** Whether one of its manifests has a tombstone already: a forget is about to remove it, or was cut off there. */
    public boolean isBeingForgotten(StoredSnapshot snapshot) {
        SnapshotNames names = new SnapshotNames(snapshot.vault(), snapshot.id().value());
        Set<Integer> buried = patience.call(() -> {
            try (Stream<StoredBlob> blobs = stores.getObject().listNames(names.tombstones())) {
                return blobs.map(StoredBlob::name)
                        .filter(SnapshotNames::isTombstone)
                        .map(SnapshotNames::executionOf)
                        .collect(Collectors.toSet());
            }
        });
        return snapshot.manifests().stream().map(StoredManifest::execution).anyMatch(buried::contains);
    }

    /**
     * The one snapshot that is meant.
     *
     * @throws RunRefusedException if there is none, or more than one
     */
    public StoredSnapshot find(SnapshotReference reference, Collection<String> vaults) {
        List<StoredSnapshot> found = reference.among(snapshots(vaults));
        if (found.isEmpty()) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.STORE_NOT_FOUND,
                    "There is no snapshot " + reference + " of " + String.join(", ", vaults) + " in "
                            + locations(vaults)
                            + ". 'keyvault-backup snapshots' lists those that there are.");
        }
        if (found.size() > 1) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    found.size() + " snapshots are " + reference + "; the first are "
                            + found.stream()
                                    .limit(3)
                                    .map(snapshot -> snapshot.id() + " of " + snapshot.vault())
                                    .toList()
                            + ". Give more of the ID, or name the vault with --vault.");
        }
        return found.getFirst();
    }

    private String locations(Collection<String> vaults) {
        BackupStore store = stores.getObject();
        return vaults.isEmpty()
                ? store.location()
                : vaults.stream()
                        .map(vault -> store.ofVault(vault).location())
                        .distinct()
                        .collect(Collectors.joining(", "));
    }

    /**
     * What a manifest says of the whole.
     *
     * @throws UnreadableManifestException if it is damaged, or of a newer version
     * @throws StoreException if the store did not give it
     */
    public ManifestHead head(StoredManifest manifest) {
        return patience.call(() -> ManifestReader.head(stores.getObject(), manifest));
    }

    /**
     * The manifest, its head and then each object; not tried again, as some may have been handed on.
     *
     * @throws UnreadableManifestException if it is damaged, or of a newer version
     * @throws StoreException if the store did not give it
     */
    public void read(StoredManifest manifest, Consumer<ManifestHead> head, Consumer<LedgerObject> object) {
        ManifestReader.read(stores.getObject(), manifest, head, object);
    }
}
