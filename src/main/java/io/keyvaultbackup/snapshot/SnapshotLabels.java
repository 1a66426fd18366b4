package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.ThisProcess;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.signature.DetachedSignature;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.FailureReason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The labels of snapshots: kept in the store beside the manifests, which are never rewritten for them. Each change adds a file with all
 * labels from then on, signed where there is a signer; nothing in the store is replaced. Safe for use by many threads, and by many
 * processes: of two that change the same snapshot at one time both changes are kept.
 */
public class SnapshotLabels {

    private static final int TRIES = 16;
    private static final int HIGHEST_NUMBER = 999_999_999;

    private final ObjectProvider<BackupStore> stores;
    private final ObjectProvider<Signer> signers;
    private final ObjectProvider<SignatureKey> keys;
    private final InstantSource clock;
    private final Patience patience;

    SnapshotLabels(
            ObjectProvider<BackupStore> stores,
            ObjectProvider<Signer> signers,
            ObjectProvider<SignatureKey> keys,
            InstantSource clock,
            Stopwatch stopwatch) {
        this.stores = stores;
        this.signers = signers;
        this.keys = keys;
        this.clock = clock;
        this.patience = new Patience(stopwatch);
    }

    /**
     * The labels of all snapshots of a vault that have any: one listing, and a file or two of each of them.
     *
     * @throws StoreException if the store did not give them
     */
    public Map<SnapshotId, StoredLabels> of(String vault) {
        Map<SnapshotId, StoredLabels> labels = new TreeMap<>(java.util.Comparator.comparing(SnapshotId::value));
        read(vault, SnapshotNames.labelsOf(vault)).forEach((id, of) -> labels.put(new SnapshotId(id), of));
        return labels;
    }

    /**
     * The labels of one snapshot.
     *
     * @throws StoreException if the store did not give them
     */
    public StoredLabels of(String vault, SnapshotId snapshot) {
        return read(vault, new SnapshotNames(vault, snapshot.value()).labels())
                .getOrDefault(snapshot.value(), StoredLabels.NONE);
    }

    private Map<String, StoredLabels> read(String vault, String prefix) {
        BackupStore store = stores.getObject();
        Map<String, StoredLabels> labels = new TreeMap<>();
        patience.call(() -> histories(store, vault, prefix))
                .forEach((id, history) -> labels.put(id, history.read(store, patience, key())));
        return labels;
    }

    private static Map<String, LabelHistory> histories(BackupStore store, String vault, String prefix) {
        Map<String, LabelHistory> histories = new TreeMap<>();
        try (Stream<StoredBlob> blobs = store.listNames(prefix)) {
            blobs.forEach(blob -> SnapshotNames.labelIn(blob.name())
                    .ifPresent(label -> histories
                            .computeIfAbsent(label.snapshot(), id -> new LabelHistory(new SnapshotNames(vault, id)))
                            .add(label)));
        }
        return histories;
    }

    /**
     * Changes a snapshot's labels; writes nothing if that changes nothing and nothing is in doubt.
     *
     * @param wish made of what counts when it is written: again if somebody else was quicker
     * @throws RunRefusedException if it can not be: it takes something away that needs a signature, and nobody is there to sign
     * @throws StoreException if the store did not take it
     */
    public LabelChange change(String vault, SnapshotId snapshot, UnaryOperator<Labels> wish) {
        SnapshotNames names = new SnapshotNames(vault, snapshot.value());
        for (int tried = 1; ; tried++) {
            StoredLabels before = of(vault, snapshot);
            Labels after = wish.apply(before.labels());
            boolean settles = !before.doubts().isEmpty() && (key() == null || signer() != null);
            if (after.equals(before.labels()) && !settles) {
                return new LabelChange(before, after, null);
            }
            checkPossible(names, before, after);
            try {
                return new LabelChange(before, after, write(names, before.number() + 1, after));
            } catch (StoreException taken) { // somebody else was quicker
                if (taken.failure().reason() != FailureReason.STORE_CONFLICT || tried == TRIES) {
                    throw taken;
                }
            }
        }
    }

    private void checkPossible(SnapshotNames names, StoredLabels before, Labels after) {
        if (after.tags().size() > LabelFile.MOST_TAGS) {
            throw refused("Snapshot " + names.snapshot() + " of " + names.vault() + " would have "
                    + after.tags().size() + " tags; at most " + LabelFile.MOST_TAGS + " are possible.");
        }
        if (before.number() >= HIGHEST_NUMBER) {
            throw refused("No number follows that of " + names.label(before.number())
                    + ", which this program has not written. Remove it, and find out who may write in the store.");
        }
        if (key() != null && signer() == null && !before.labels().and(after).equals(after)) {
            throw refused(
                    "Labels that are not signed only add: keyvault-backup.signature.public-key-file asks for that."
                            + " To take a pin or a tag away, give keyvault-backup.signature.key-file or .key-id, too.");
        }
    }

    private String write(SnapshotNames names, int number, Labels labels) {
        String name = names.label(number);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        byte[] bytes = new LabelFile(names.vault(), names.snapshot(), number, labels, now, ThisProcess.user()).bytes();
        Signer signer = signer();
        // First, so that no labels are ever seen without their signature; by itself it is nothing.
        if (signer != null) {
            put(names.labelSignature(number, BlobContent.of(bytes).sha256()), signature(bytes, signer));
        }
        put(name, bytes);
        return name;
    }

    private byte[] signature(byte[] bytes, Signer signer) {
        DetachedSignature.Builder builder = new DetachedSignature.Builder(signer);
        builder.digest().update(bytes);
        String text = patience.call(builder::sign);
        PublicKey key = key();
        if (key != null) {
            DetachedSignature signature = DetachedSignature.parse(text);
            MessageDigest digest = signature.digest();
            digest.update(bytes);
            if (!signature.isOf(digest, key)) {
                throw refused("The key that signs, '" + signer.keyId()
                        + "', is not the one whose public half keyvault-backup.signature.public-key-file has.");
            }
        }
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void put(String name, byte[] bytes) {
        patience.call(() -> stores.getObject().put(name, BlobContent.of(bytes), Map.of()));
    }

    private @Nullable Signer signer() {
        return signers.getIfAvailable();
    }

    private @Nullable PublicKey key() {
        SignatureKey key = keys.getIfAvailable();
        return key == null ? null : key.key();
    }

    private static RunRefusedException refused(String why) {
        return new RunRefusedException(RunRefusedException.Cause.WRONG_USAGE, why);
    }
}
