package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.signature.DetachedSignature;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads tombstones, and believes those alone that are what their names say and, where a public key is configured, signed by its owner. They are
 * small and become many, so several are read at a time. For one thread.
 */
public final class Tombstones {

    private static final int LARGEST = 64 * 1024;
    private static final int THREADS = 16;

    private final BackupStore store;
    private final Patience patience;
    private final SignatureKey key;
    private final Consumer<IntegrityFinding> findings;

    /** @param findings given what is wrong with those that are not believed */
    public Tombstones(BackupStore store, Patience patience, SignatureKey key, Consumer<IntegrityFinding> findings) {
        this.store = store;
        this.patience = patience;
        this.key = key;
        this.findings = findings;
    }

    private record Read(
            @Nullable Tombstone tombstone, @Nullable IntegrityFinding finding) {

        static Read wrong(IntegrityProblem problem, String name, String message) {
            return new Read(null, new IntegrityFinding(problem, name, message));
        }
    }

    /**
     * All that can be believed of a vault, by the names of their manifests.
     *
     * @throws StoreException if the store did not give one
     */
    public Map<String, Tombstone> of(String vault) {
        List<String> names = patience.call(() -> names(vault));
        Map<String, Tombstone> believed = new TreeMap<>();
        for (Read read : all(names)) {
            if (read.finding() != null) {
                findings.accept(read.finding());
            }
            if (read.tombstone() != null) {
                believed.put(read.tombstone().manifest(), read.tombstone());
            }
        }
        return believed;
    }

    /** The one of that name, if it is there and can be believed. */
    public Optional<Tombstone> find(String name) {
        return bytes(name).map(bytes -> examine(name, bytes)).map(Read::tombstone);
    }

    private List<String> names(String vault) {
        try (Stream<StoredBlob> blobs = store.listNames(SnapshotNames.tombstonesOf(vault))) {
            return blobs.map(StoredBlob::name)
                    .filter(SnapshotNames::isTombstone)
                    .toList();
        }
    }

    private List<Read> all(List<String> names) {
        List<Read> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                THREADS, Thread.ofVirtual().name("tombstones").factory())) {
            List<Future<Read>> reads = names.stream()
                    .map(name -> threads.submit(
                            () -> bytes(name).map(bytes -> examine(name, bytes)).orElseGet(() -> new Read(null, null))))
                    .toList();
            for (Future<Read> read : reads) {
                all.add(read.get());
            }
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(failed);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while tombstones were read", interrupted);
        }
        return all;
    }

    private Read examine(String name, byte[] bytes) {
        Tombstone tombstone;
        try {
            tombstone = Tombstone.of(bytes);
        } catch (IllegalArgumentException none) {
            return Read.wrong(IntegrityProblem.TOMBSTONE_DAMAGED, name, String.valueOf(none.getMessage()));
        }
        if (!tombstone.name().equals(name)) {
            return Read.wrong(
                    IntegrityProblem.TOMBSTONE_DAMAGED,
                    name,
                    "it is that of snapshot " + tombstone.snapshot() + ", execution " + tombstone.execution() + ", of "
                            + tombstone.vault());
        }
        if (key.key() == null) {
            return new Read(tombstone, null);
        }
        String signature = name + SnapshotNames.SIGNATURE;
        Optional<byte[]> text = bytes(signature);
        if (text.isEmpty()) {
            return Read.wrong(
                    IntegrityProblem.SIGNATURE_MISSING, name, "it has no signature: there is no " + signature);
        }
        try {
            DetachedSignature parsed =
                    DetachedSignature.parse(new String(text.orElseThrow(), StandardCharsets.US_ASCII));
            MessageDigest digest = parsed.digest();
            digest.update(bytes);
            return parsed.isOf(digest, key.key())
                    ? new Read(tombstone, null)
                    : Read.wrong(
                            IntegrityProblem.SIGNATURE_WRONG,
                            name,
                            "its signature, by a key that calls itself '" + parsed.keyId()
                                    + "', is not one of these bytes by the owner of the public key");
        } catch (IllegalArgumentException none) {
            return Read.wrong(
                    IntegrityProblem.SIGNATURE_WRONG, name, signature + " is no signature: " + none.getMessage());
        }
    }

    private Optional<byte[]> bytes(String name) {
        try (InputStream bytes = patience.call(() -> store.open(name))) {
            return Optional.of(bytes.readNBytes(LARGEST));
        } catch (StoreException failed) {
            if (failed.failure().reason() == FailureReason.NOT_FOUND) {
                return Optional.empty();
            }
            throw failed;
        } catch (IOException broken) {
            throw new StoreException(
                    Failure.of(FailureReason.STORE_UNAVAILABLE, name + " could not be read: " + broken.getMessage()),
                    broken);
        }
    }
}
