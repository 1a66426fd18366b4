package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.ledger.PendingObject;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobContent;
import io.keyvaultbackup.store.Sha256;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Backs up one object: lists its versions, makes the backup call, adds the bytes to the store, lets them go. Whatever fails becomes
 * the object's outcome. Safe for use by many threads.
 */
final class ObjectBackup {

    /** Each hundred versions is given the time of one more answer: nobody has published how slow they are, and 490 must succeed. */
    private static final int VERSIONS_IN_A_TIMEOUT = 100;

    private static final int LONGEST_PATIENCE = 4;

    private final Vault vault;
    private final BackupStore store;
    private final SnapshotNames names;
    private final int execution;
    private final Patience patience;
    private final MemoryBudget memory;
    private final BackupProperties properties;
    private final InstantSource clock;

    ObjectBackup(
            Vault vault,
            BackupStore store,
            SnapshotNames names,
            int execution,
            Patience patience,
            BackupProperties properties,
            InstantSource clock) {
        this.vault = vault;
        this.store = store;
        this.names = names;
        this.execution = execution;
        this.patience = patience;
        this.memory = new MemoryBudget(properties.memory().toBytes());
        this.properties = properties;
        this.clock = clock;
    }

    ObjectResult backUp(PendingObject object) {
        ObjectId id = object.id();
        AtomicInteger attempts = new AtomicInteger();
        @Nullable List<ObjectVersion> versions = null;
        try {
            ObjectResult.Blob earlier = left(object);
            if (earlier != null) {
                return new ObjectResult(id, Outcome.BACKED_UP, 0, versionsOfAdopted(id), earlier, null);
            }
            versions = properties.listVersions() ? versions(id) : null;
            ObjectResult.Blob blob = copy(object, versions, attempts);
            return new ObjectResult(id, Outcome.BACKED_UP, attempts.get(), versions, blob, null);
        } catch (FailureException failed) {
            Failure failure = failed.failure();
            return failure.reason() == FailureReason.NOT_FOUND
                    ? new ObjectResult(id, Outcome.DELETED_DURING_RUN, attempts.get(), versions, null, null)
                    : new ObjectResult(id, Outcome.FAILED, attempts.get(), versions, null, failure);
        } catch (CancellationException abandoned) {
            throw abandoned;
        } catch (RuntimeException unexpected) {
            // A defect, or something that no one has seen yet: it is this object's failure, and the others go on.
            Failure failure = Failure.of(FailureReason.UNKNOWN, "unexpected: " + unexpected);
            return new ObjectResult(id, Outcome.FAILED, attempts.get(), versions, null, failure);
        }
    }

    /** The copy is there and good, also where the object is gone by now or its versions cannot be listed. */
    private @Nullable List<ObjectVersion> versionsOfAdopted(ObjectId id) {
        try {
            return properties.listVersions() ? versions(id) : null;
        } catch (FailureException untold) {
            return null;
        }
    }

    private List<ObjectVersion> versions(ObjectId id) {
        List<ObjectVersion> versions = new ArrayList<>();
        @Nullable String next = null;
        do {
            @Nullable String wanted = next;
            Page<ObjectVersion> page = patience.call(() -> vault.versions(id, wanted));
            versions.addAll(page.items());
            next = page.next();
        } while (next != null);
        return versions;
    }

    /**
     * What an earlier execution uploaded and could not record any more, or whose record is lost: it is adopted, if the object is
     * still in the state that it was listed in then. Null if there is none.
     */
    private ObjectResult.@Nullable Blob left(PendingObject object) {
        for (int earlier = execution - 1; earlier > 0; earlier--) {
            String name = names.blob(object.id(), earlier);
            StoredBlob blob = patience.call(() -> store.find(name)).orElse(null);
            if (blob != null && object.token().sha256().equals(blob.metadata().get("token"))) {
                String sha256 = blob.metadata().get(StoredBlob.SHA_256);
                String began = blob.metadata().get("began");
                if (sha256 != null && began != null && isWhole(name, sha256)) {
                    return new ObjectResult.Blob(name, blob.version(), blob.size(), sha256, Instant.parse(began));
                }
            }
        }
        return null;
    }

    /** What is taken over unseen would be damaged for good: nobody makes the copy anew. */
    private boolean isWhole(String name, String sha256) {
        return patience.call(() -> {
            try (InputStream bytes = store.open(name)) {
                return Sha256.of(bytes).equals(sha256);
            } catch (IOException broken) {
                throw new StoreException(
                        Failure.of(FailureReason.STORE_UNAVAILABLE, "cannot read " + name + ": " + broken.getMessage()),
                        broken);
            }
        });
    }

    private ObjectResult.Blob copy(
            PendingObject object, @Nullable List<ObjectVersion> versions, AtomicInteger attempts) {
        int known = versions == null ? 0 : versions.size();
        Instant began = clock.instant();
        try (ProtectedBytes bytes =
                patience.call(() -> call(object.id(), known, attempts.get()), attempts::incrementAndGet)) {
            BlobContent content = BlobContent.of(bytes.content());
            String name = names.blob(object.id(), execution);
            Map<String, String> metadata = Map.of(
                    "kind", object.id().kind().word(),
                    "object", object.id().name(),
                    "token", object.token().sha256(),
                    "began", began.toString());
            StoredBlob stored = patience.call(() -> store.put(name, content, metadata));
            return new ObjectResult.Blob(name, stored.version(), content.length(), content.sha256(), began);
        }
    }

    /** @param attempt of the object, from 1: who was cut off once is given longer */
    private ProtectedBytes call(ObjectId id, int versions, int attempt) {
        int timeouts = (1 + versions / VERSIONS_IN_A_TIMEOUT) * Math.min(attempt, LONGEST_PATIENCE);
        try {
            return vault.backup(id, timeouts, memory);
        } catch (VaultException failed) {
            throw versions > properties.versionLimit() ? perhapsForItsVersions(failed, versions) : failed;
        }
    }

    /**
     * Where exactly the service draws its line is not published, and it is said to answer with a time-out; so an object above it is
     * asked for, but not again and again. What clearly has another cause keeps it.
     */
    private static VaultException perhapsForItsVersions(VaultException failed, int versions) {
        Failure failure = failed.failure();
        return switch (failure.reason()) {
            case TIMED_OUT, UNAVAILABLE, REFUSED, UNKNOWN, CORRUPT_ANSWER ->
                new VaultException(
                        new Failure(
                                FailureReason.TOO_MANY_VERSIONS,
                                failure.status(),
                                failure.code(),
                                "it has " + versions + " versions; the service says: " + failure.message(),
                                failure.requestId(),
                                null),
                        failed);
            default -> failed;
        };
    }
}
