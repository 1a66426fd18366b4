package io.keyvaultbackup.backup;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.ManifestReader;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;

/** The runs of a vault that the store tells of, sealed or not, for when no database does. */
final class StoredRuns {

    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private final ObjectProvider<BackupStore> stores;
    private final Patience patience;

    StoredRuns(ObjectProvider<BackupStore> stores, Stopwatch stopwatch) {
        this.stores = stores;
        this.patience = new Patience(stopwatch);
    }

    Optional<RunRequest> latestOf(VaultAddress vault, Selection selection) {
        NavigableMap<String, String> snapshots = snapshots(vault, "");
        return snapshots.isEmpty()
                ? Optional.empty()
                : Optional.of(request(
                        vault,
                        snapshots.lastEntry().getKey(),
                        snapshots.lastEntry().getValue(),
                        selection));
    }

    List<RunRequest> startingWith(String id, VaultAddress vault, Selection selection) {
        List<RunRequest> requests = new ArrayList<>();
        snapshots(vault, id)
                .forEach((snapshot, manifest) -> requests.add(request(vault, snapshot, manifest, selection)));
        return requests;
    }

    /** The ids of the vault's runs that start so, as far as the store has anything of them. */
    Set<String> idsStartingWith(String id, VaultAddress vault) {
        return snapshots(vault, id).keySet();
    }

    /**
     * The latest run of a vault that has a note on a stop, if it is one after this.
     *
     * @param now a run of a later time is passed over
     */
    Optional<SnapshotId> stoppedAfter(RunRequest known, Instant now) {
        VaultAddress vault = known.vault();
        Optional<SnapshotId> stopped = patience.call(() -> {
            try (Stream<StoredBlob> notes = stores.getObject().listNames(SnapshotNames.stopsOf(vault.storeName()))) {
                return notes.flatMap(note -> SnapshotNames.snapshotOfStop(note.name()).stream())
                        .filter(run -> isOf(vault, run))
                        .filter(run -> mayHaveBegunBy(run.value(), now))
                        .max(Comparator.comparing(SnapshotId::value));
            }
        });
        return stopped.filter(run -> run.value().compareTo(known.snapshot().value()) > 0);
    }

    /** The ids of the vault's runs that have a manifest. */
    Set<String> sealed(VaultAddress vault) {
        return patience.call(() -> {
            try (Stream<StoredBlob> blobs =
                    stores.getObject().listNames(SnapshotNames.manifestsOf(vault.storeName()))) {
                return blobs.map(StoredBlob::name)
                        .filter(SnapshotNames::isManifest)
                        .map(SnapshotNames::snapshotOf)
                        .filter(run -> isOf(vault, run))
                        .map(SnapshotId::value)
                        .collect(Collectors.toSet());
            }
        });
    }

    /** Whether a run has left a copy or a manifest. */
    boolean hasAnythingOf(SnapshotNames names) {
        return Stream.of(names.blobs(), names.manifests())
                .anyMatch(start -> patience.call(() -> {
                    try (Stream<StoredBlob> blobs = stores.getObject().listNames(start)) {
                        return blobs.findAny().isPresent();
                    }
                }));
    }

    /** Whether the run of an id can have begun, by its scheduled time: whoever may add to the store can leave names of any, and clocks differ. */
    static boolean mayHaveBegunBy(String run, Instant now) {
        return new SnapshotId(run)
                .scheduledFor()
                .filter(time -> !time.isAfter(now.plus(CLOCKS_DIFFER)))
                .isPresent();
    }

    /** Whether the newest manifest of a run says that nothing is left to do. */
    boolean isComplete(SnapshotNames names) {
        return patience.call(() -> {
            BackupStore store = stores.getObject();
            return Chain.manifestsStarting(store, names.manifests()).stream()
                    .max(Comparator.comparingInt(StoredManifest::execution))
                    .filter(manifest -> ManifestReader.head(store, manifest).complete())
                    .isPresent();
        });
    }

    /** Until when the manifests that earlier executions of this run have sealed promise to be kept, the longest of them; one try. */
    Optional<Instant> promiseOf(RunRequest request, BackupStore store) {
        return Chain.manifestsStarting(store, SnapshotNames.of(request).manifests()).stream()
                .map(manifest -> ManifestReader.head(store, manifest).immutableUntil())
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder());
    }

    /** The ids, each with the name of its newest manifest, or none; reads the names of all that the store has of the vault. */
    private NavigableMap<String, String> snapshots(VaultAddress vault, String id) {
        return patience.call(() -> {
            NavigableMap<String, String> newest = new TreeMap<>();
            try (Stream<BlobVersion> blobs = stores.getObject().listVersionNames(vault.storeName() + "/")) {
                blobs.map(BlobVersion::name).forEach(name -> {
                    boolean manifest = SnapshotNames.isManifest(name);
                    SnapshotId snapshot = manifest
                            ? SnapshotNames.snapshotOf(name)
                            : SnapshotNames.snapshotOfStop(name)
                                    .orElseGet(() -> new SnapshotId(name.split("/", -1)[1]));
                    if (snapshot.value().startsWith(id) && isOf(vault, snapshot)) {
                        newest.merge(snapshot.value(), manifest ? name : "", StoredRuns::newer);
                    }
                });
            }
            return newest;
        });
    }

    private static String newer(String one, String other) {
        return Stream.of(one, other)
                .max(Comparator.comparingInt(SnapshotNames::executionOf))
                .orElse(one);
    }

    /** Whether this is the id of a run of the vault. */
    static boolean isOf(VaultAddress vault, SnapshotId snapshot) {
        return snapshot.scheduledFor()
                .filter(time -> SnapshotId.of(vault, time).equals(snapshot))
                .isPresent();
    }

    private RunRequest request(VaultAddress vault, String snapshot, String manifest, Selection selection) {
        RunRequest unsealed =
                new RunRequest(vault, new SnapshotId(snapshot).scheduledFor().orElseThrow(), selection);
        return manifest.isEmpty() ? unsealed : patience.call(() -> sealed(manifest));
    }

    private RunRequest sealed(String name) {
        List<RunRequest> told = new ArrayList<>();
        StoredManifest manifest =
                Chain.manifestsStarting(stores.getObject(), name).getFirst();
        ManifestReader.read(stores.getObject(), manifest, head -> told.add(head.request()), object -> {});
        return told.getFirst();
    }
}
