package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.signature.DetachedSignature;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The label files of one snapshot, and what they come to. Each holds all labels from then on. One that may not be believed only adds, as
 * otherwise whoever may add blobs could unpin a snapshot and wait for it to be forgotten; one that can not be read counts as a pin. For one
 * thread.
 */
final class LabelHistory {

    private static final int LARGEST = 64 * 1024;

    private final SnapshotNames names;
    private final NavigableSet<Integer> files = new TreeSet<>();
    private final Set<String> signatures = new HashSet<>();

    LabelHistory(SnapshotNames names) {
        this.names = names;
    }

    /** What a name tells that a listing of the snapshot's labels shows. */
    void add(SnapshotNames.LabelName name) {
        if (name.signs() == null) {
            files.add(name.number());
        } else {
            signatures.add(names.labelSignature(name.number(), name.signs()));
        }
    }

    /**
     * One of them.
     *
     * @param labels null if they can not be read
     * @param believed whether nothing before it counts any more
     * @param doubt what is wrong with it
     */
    private record Entry(String name, @Nullable Labels labels, boolean believed, String doubt) {}

    /**
     * Reads as few of them as will do: from the newest back to one that is believed, which without a public key is the first that can be read.
     *
     * @param key whose signature is believed; null if all are
     * @throws StoreException if the store did not give one
     */
    StoredLabels read(BackupStore store, Patience patience, @Nullable PublicKey key) {
        Deque<Entry> entries = new ArrayDeque<>();
        for (int number : files.descendingSet()) {
            entries.push(entry(store, patience, key, number));
            if (entries.getFirst().labels() != null && entries.getFirst().believed()) {
                break;
            }
        }
        return new StoredLabels(files.isEmpty() ? 0 : files.last(), fold(entries), doubts(entries));
    }

    private static Labels fold(Iterable<Entry> oldestFirst) {
        Labels labels = Labels.NONE;
        for (Entry entry : oldestFirst) {
            labels = after(labels, entry);
        }
        return labels;
    }

    private static Labels after(Labels before, Entry entry) {
        Labels said = entry.labels();
        if (said == null) {
            return before.withPinned(true);
        }
        return entry.believed() ? said : before.and(said);
    }

    private static List<String> doubts(Iterable<Entry> oldestFirst) {
        List<String> doubts = new ArrayList<>();
        Labels labels = Labels.NONE;
        for (Entry entry : oldestFirst) {
            labels = after(labels, entry);
            if (!labels.equals(entry.labels())) {
                doubts.add(entry.name() + " " + entry.doubt());
            }
        }
        return doubts;
    }

    private Entry entry(BackupStore store, Patience patience, @Nullable PublicKey key, int number) {
        String name = names.label(number);
        byte[] bytes = bytes(store, patience, name);
        boolean believed = key == null || isSigned(store, patience, key, number, bytes);
        try {
            LabelFile file = LabelFile.parse(bytes);
            if (!file.isOf(names, number)) {
                throw new IllegalArgumentException("is a copy of number " + file.number() + " of " + file.snapshot());
            }
            return new Entry(
                    name,
                    file.labels(),
                    believed,
                    "is not signed by the owner of the public key: what it adds counts, and what it takes away does not");
        } catch (IllegalArgumentException unreadable) {
            return new Entry(
                    name, null, believed, unreadable.getMessage() + "; until it is settled the snapshot is pinned");
        }
    }

    private boolean isSigned(BackupStore store, Patience patience, PublicKey key, int number, byte[] bytes) {
        String name = names.labelSignature(number, BlobContent.of(bytes).sha256());
        if (!signatures.contains(name)) {
            return false;
        }
        byte[] text = bytes(store, patience, name);
        try {
            DetachedSignature signature = DetachedSignature.parse(new String(text, StandardCharsets.US_ASCII));
            MessageDigest digest = signature.digest();
            digest.update(bytes);
            return signature.isOf(digest, key);
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    /** No more than a label file can have; one that is not there any more is as an empty one, which is none. */
    private static byte[] bytes(BackupStore store, Patience patience, String name) {
        return patience.call(() -> {
            try (InputStream bytes = store.open(name)) {
                return bytes.readNBytes(LARGEST);
            } catch (IOException broken) {
                throw new StoreException(
                        Failure.of(
                                FailureReason.STORE_UNAVAILABLE, name + " could not be read: " + broken.getMessage()),
                        broken);
            } catch (StoreException failed) {
                if (failed.failure().reason() == FailureReason.NOT_FOUND) {
                    return new byte[0];
                }
                throw failed;
            }
        });
    }
}
