package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.signature.DetachedSignature;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.ManifestExamination;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.Tombstone;
import io.keyvaultbackup.snapshot.Tombstones;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that each manifest that goes has a tombstone of its very bytes, which whoever has the public key believes. While the manifest is there
 * it is the truth: a tombstone that is there already and fits it is adopted, one that does not is replaced, and that of a manifest that stays is
 * taken back, since somebody else's removal of it would pass for forgetting. For one thread.
 */
final class Burial {

    private final Parts parts;
    private final String policy;

    Burial(Parts parts, String policy) {
        this.parts = parts;
        this.policy = policy;
    }

    /**
     * A tombstone that is to be written.
     *
     * @param signature null where there is no signer
     */
    record Grave(
            String name, BlobContent tombstone, @Nullable BlobContent signature) {}

    /** Reads the manifests whole, and gives their tombstones; none if one of them is not what it should be. */
    Optional<List<Tombstone>> tombstones(Plan.Going going, Consumer<IntegrityFinding> damage) {
        List<Tombstone> tombstones = new ArrayList<>();
        for (StoredManifest manifest : going.manifests()) {
            parts.removing().goOn();
            tombstoneFor(manifest, damage).ifPresent(tombstones::add);
        }
        return Optional.of(tombstones)
                .filter(all -> all.size() == going.manifests().size());
    }

    private Optional<Tombstone> tombstoneFor(StoredManifest manifest, Consumer<IntegrityFinding> damage) {
        int[] found = {0};
        ManifestExamination.Examined examined = parts.examination(finding -> {
                    found[0]++;
                    damage.accept(finding);
                })
                .examine(parts.vault(), manifest, object -> {});
        return examined.head() == null || found[0] > 0
                ? Optional.empty()
                : Optional.of(new Tombstone(
                        parts.vault(),
                        manifest.snapshot(),
                        manifest.execution(),
                        manifest.name(),
                        manifest.size(),
                        examined.sha256(),
                        examined.head().chain(),
                        examined.head().complete(),
                        parts.now(),
                        policy));
    }

    /** Signs it, for nobody: where a public key is given, that tells whether the signer is its owner before anything is written. */
    void trySigning(Tombstone tombstone) {
        if (parts.signer() != null && parts.key().key() != null) {
            signature(tombstone.bytes(), parts.signer());
        }
    }

    /** Those that are still to be written, signed. */
    List<Grave> dig(List<Tombstone> tombstones) {
        List<Grave> graves = new ArrayList<>();
        for (Tombstone tombstone : tombstones) {
            parts.removing().goOn();
            if (!isThere(tombstone)) {
                byte[] bytes = tombstone.bytes();
                @Nullable Signer signer = parts.signer();
                graves.add(new Grave(
                        tombstone.name(), BlobContent.of(bytes), signer == null ? null : signature(bytes, signer)));
            }
        }
        return graves;
    }

    private BlobContent signature(byte[] bytes, Signer signer) {
        DetachedSignature.Builder builder = new DetachedSignature.Builder(signer);
        builder.digest().update(bytes);
        String text = parts.patience().call(builder::sign);
        @Nullable PublicKey key = parts.key().key();
        if (key != null) {
            DetachedSignature signature = DetachedSignature.parse(text);
            MessageDigest digest = signature.digest();
            digest.update(bytes);
            if (!signature.isOf(digest, key)) {
                throw new RunRefusedException(
                        RunRefusedException.Cause.WRONG_USAGE,
                        "The key that signs tombstones, '" + signer.keyId()
                                + "', is not the one whose public half keyvault-backup.signature.public-key-file has.");
            }
        }
        return BlobContent.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes them in place of what has their names; not if the store keeps that from removal, which it then tells. */
    boolean bury(List<Grave> graves) {
        try {
            for (Grave grave : graves) {
                String signature = grave.name() + SnapshotNames.SIGNATURE;
                parts.removing().removeAll(grave.name());
                parts.removing().removeAll(signature);
                // First, so that no tombstone is ever seen without it.
                if (grave.signature() != null) {
                    put(signature, grave.signature());
                }
                put(grave.name(), grave.tombstone());
            }
            return true;
        } catch (StoreException refused) {
            throwUnlessLocked(refused);
            return false;
        }
    }

    private void put(String name, BlobContent content) {
        parts.patience().call(() -> parts.store().put(name, content, Map.of()), parts.removing()::goOn);
    }

    /** One of an earlier forget, which differs in its time and its policy alone. */
    private boolean isThere(Tombstone wanted) {
        Optional<Tombstone> there =
                new Tombstones(parts.store(), parts.patience(), parts.key(), ignored -> {}).find(wanted.name());
        return there.filter(found -> found.sha256().equals(wanted.sha256())
                                && found.chain().equals(wanted.chain())
                                && Objects.equals(found.manifest(), wanted.manifest()))
                        .isPresent()
                && (parts.signer() == null || isSigned(wanted.name()));
    }

    private boolean isSigned(String tombstone) {
        String signature = tombstone + SnapshotNames.SIGNATURE;
        return parts.patience().call(() -> parts.store().find(signature)).isPresent();
    }

    /**
     * Takes back what a forget that was cut off has left of manifests that are there.
     *
     * @param kept the snapshots that stay, by their ids
     */
    void takeBackLeft(Set<String> kept) {
        Set<String> buried = list(SnapshotNames.tombstonesOf(parts.vault())).stream()
                .map(blob -> withoutSignature(blob.name()).replaceFirst("/tombstones/", "/manifests/"))
                .filter(SnapshotNames::isManifest)
                .filter(manifest ->
                        kept.contains(SnapshotNames.snapshotOf(manifest).value()))
                .collect(Collectors.toSet());
        if (!buried.isEmpty()) {
            parts.patience().call(() -> Chain.manifests(parts.store(), parts.vault())).stream()
                    .filter(manifest -> buried.contains(manifest.name()))
                    .forEach(this::takeBack);
        }
    }

    private static String withoutSignature(String name) {
        return name.endsWith(SnapshotNames.SIGNATURE)
                ? name.substring(0, name.length() - SnapshotNames.SIGNATURE.length())
                : name;
    }

    /** Removes the tombstone of a manifest that stays, if there is one and the store does not keep it from that. */
    void takeBack(StoredManifest manifest) {
        String tombstone =
                new SnapshotNames(parts.vault(), manifest.snapshot().value()).tombstone(manifest.execution());
        if (list(tombstone).stream().noneMatch(blob -> blob.protection().isInForce(parts.now()))) {
            try {
                parts.removing().removeAll(tombstone);
                parts.removing().removeAll(tombstone + SnapshotNames.SIGNATURE);
            } catch (StoreException refused) {
                throwUnlessLocked(refused);
            }
        }
    }

    private List<StoredBlob> list(String prefix) {
        return parts.patience().call(() -> {
            try (Stream<StoredBlob> blobs = parts.removal().list(prefix)) {
                return blobs.toList();
            }
        });
    }

    private static void throwUnlessLocked(StoreException refused) {
        if (refused.failure().reason() != FailureReason.STORE_IMMUTABLE) {
            throw refused;
        }
    }
}
