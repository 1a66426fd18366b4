package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.StoredBlob;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What the store keeps from removal among manifests and their signatures. */
record Locks(List<StoredBlob> blobs, Instant now) {

    static Locks of(Parts parts) {
        return starting(parts, SnapshotNames.manifestsOf(parts.vault()));
    }

    /** Of one snapshot alone. */
    static Locks of(Parts parts, SnapshotId snapshot) {
        return starting(parts, new SnapshotNames(parts.vault(), snapshot.value()).manifests());
    }

    private static Locks starting(Parts parts, String prefix) {
        return new Locks(
                parts.patience().call(() -> {
                    try (Stream<StoredBlob> blobs = parts.removal().list(prefix)) {
                        return blobs.toList();
                    }
                }),
                parts.now());
    }

    /** Why a removal of one of these manifests was refused: what is locked is so by the store's clock, whatever this machine's is. */
    String refusal(Collection<StoredManifest> manifests) {
        return new Locks(blobs, Instant.MIN).reason(manifests).orElse("locked");
    }

    /** Why a snapshot of these manifests can not be forgotten now, if it is so. */
    Optional<String> reason(Collection<StoredManifest> manifests) {
        List<Protection> inForce = blobs.stream()
                .filter(blob -> blob.protection().isInForce(now))
                .filter(blob -> manifests.stream()
                        .anyMatch(manifest -> blob.name().equals(manifest.name())
                                || blob.name().equals(manifest.name() + SnapshotNames.SIGNATURE)))
                .map(StoredBlob::protection)
                .toList();
        if (inForce.isEmpty()) {
            return Optional.empty();
        }
        if (inForce.stream().anyMatch(Protection::legalHold)) {
            return Optional.of("locked by a legal hold");
        }
        return inForce.stream()
                .map(Protection::until)
                .filter(Objects::nonNull)
                .map(until -> "locked until " + until)
                .max(String::compareTo);
    }
}
