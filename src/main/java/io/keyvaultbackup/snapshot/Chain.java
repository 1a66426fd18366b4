package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The manifests of one vault in the order in which they were sealed. Stateless. */
public final class Chain {

    private Chain() {}

    /**
     * The place of the next manifest, for whoever holds the vault's lease: after the one with the highest number, whose bytes are read. Where
     * the note of its number is lost, the manifest itself is asked.
     *
     * @throws StoreException if the store did not give it
     */
    public static ChainLink next(BackupStore store, String vault) {
        Optional<StoredManifest> last = manifests(store, vault).stream()
                .map(manifest -> manifest.chain() > 0 ? manifest : manifest.withChain(number(store, manifest)))
                .max(StoredManifest.SEALED);
        return last.map(manifest ->
                        new ChainLink(manifest.chain() + 1, manifest.name(), reading(store, manifest, Sha256::of)))
                .orElse(new ChainLink(1, null, null));
    }

    /** One that can not be read is in no chain; the next examination names it. */
    private static long number(BackupStore store, StoredManifest manifest) {
        try {
            return reading(store, manifest, ManifestReader::head).chain().number();
        } catch (UnreadableManifestException damaged) {
            return 0;
        }
    }

    private interface Reading<T> {
        T of(InputStream bytes) throws IOException;
    }

    private static <T> T reading(BackupStore store, StoredManifest manifest, Reading<T> reading) {
        try (InputStream bytes = manifest.open(store)) {
            return reading.of(bytes);
        } catch (IOException | UncheckedIOException broken) {
            throw new StoreException(
                    Failure.of(
                            FailureReason.STORE_UNAVAILABLE,
                            "the manifest " + manifest.name() + " could not be read: " + broken.getMessage()),
                    broken);
        }
    }

    /** All manifests of a vault, by name. */
    public static List<StoredManifest> manifests(BackupStore store, String vault) {
        return manifestsStarting(store, SnapshotNames.manifestsOf(vault));
    }

    /**
     * The manifests whose names start so. Each name is written once, so where the store has kept more, what was written first is the manifest;
     * what the name shows since, or that it shows nothing, is somebody else's doing.
     */
    public static List<StoredManifest> manifestsStarting(BackupStore store, String prefix) {
        Map<String, BlobVersion> first = new TreeMap<>();
        try (Stream<BlobVersion> versions = store.listVersions(prefix)) {
            versions.forEach(version -> first.merge(
                    version.name(),
                    version,
                    (one, other) -> BlobVersion.IN_ORDER.compare(one, other) <= 0 ? one : other));
        }
        return first.values().stream()
                .filter(version -> SnapshotNames.isManifest(version.name()))
                .map(version -> StoredManifest.of(version, first.get(version.name() + SnapshotNames.SIGNATURE)))
                .toList();
    }
}
