package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ClosingListing;
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
import io.keyvaultbackup.telemetry.LogFields;
import io.keyvaultbackup.telemetry.Traces;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backs up one object: lists its versions, makes the backup call, adds the bytes to the store, lets them go. Whatever fails becomes
 * the object's outcome. Safe for use by many threads.
 */
final class ObjectBackup {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectBackup.class);

    /** Each hundred versions is given the time of one more answer: nobody has published how slow they are, and 490 must succeed. */
    private static final int VERSIONS_IN_A_TIMEOUT = 100;

    private static final int LONGEST_PATIENCE = 4;

    /** Copies of this many rounds are looked for, even where there would be fewer now. */
    private static final int USUAL_ROUNDS = 3;

    private final Vault vault;
    private final BackupStore store;
    private final SnapshotNames names;
    private final int execution;
    private final Patience patience;
    private final MemoryBudget memory;
    private final BackupProperties properties;
    private final AskedProtection protection;
    private final ServiceTime time;
    private final Runnable hearTheTime;
    private final CallTimes times;
    private final Traces traces;
    private final InstantSource clock;

    ObjectBackup(
            Vault vault,
            BackupStore store,
            SnapshotNames names,
            int execution,
            Patience patience,
            BackupProperties properties,
            AskedProtection protection,
            ServiceTime time,
            Runnable hearTheTime,
            CallTimes times,
            Traces traces,
            InstantSource clock) {
        this.vault = vault;
        this.store = store;
        this.names = names;
        this.execution = execution;
        this.patience = patience;
        this.memory = new MemoryBudget(properties.memory().toBytes());
        this.properties = properties;
        this.protection = protection;
        this.time = time;
        this.hearTheTime = new Once(hearTheTime);
        this.times = times;
        this.traces = traces;
        this.clock = clock;
    }

    /** @param round from 1; only in the first may a copy of an earlier execution do */
    ObjectResult backUp(PendingObject object, int round) {
        return traces.object(
                "back up",
                object.id(),
                () -> {
                    ObjectResult result = outcome(object, round);
                    Failure failure = result.failure();
                    if (failure != null) {
                        LogFields.ofFailure(
                                failure, () -> LOG.info("{} was not backed up: {}", object.id(), failure.describe()));
                    }
                    return result;
                },
                ObjectResult::failure);
    }

    private ObjectResult outcome(PendingObject object, int round) {
        ObjectId id = object.id();
        AtomicInteger attempts = new AtomicInteger();
        @Nullable List<ObjectVersion> versions = null;
        try {
            ObjectResult.Blob earlier = round == 1 ? left(object) : null;
            if (earlier != null) {
                return new ObjectResult(id, Outcome.BACKED_UP, 0, versionsIfTold(id), earlier, null);
            }
            hearTheTime.run();
            if (time.atLeast() == null && properties.listVersions()) {
                versions(id); // to hear the time, which a page that failed could not tell
            }
            @Nullable Instant after = settled(object);
            versions = properties.listVersions() ? versions(id) : null;
            ObjectResult.Blob blob = copy(object, round, versions, after, attempts);
            if (versions != null && versions.isEmpty()) { // they were listed while it was gone for a moment
                versions = versionsIfTold(id);
            }
            return new ObjectResult(id, Outcome.BACKED_UP, attempts.get(), versions, blob, null);
        } catch (FailureException failed) {
            Failure failure = failed.failure();
            return failed instanceof VaultException && failure.reason() == FailureReason.NOT_FOUND
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

    /** The copy is there and good, also where the object is gone by now, which then has none, or its versions cannot be listed. */
    private @Nullable List<ObjectVersion> versionsIfTold(ObjectId id) {
        try {
            List<ObjectVersion> versions = properties.listVersions() ? versions(id) : List.of();
            return versions.isEmpty() ? null : versions;
        } catch (FailureException untold) {
            return null;
        }
    }

    private List<ObjectVersion> versions(ObjectId id) {
        List<ObjectVersion> versions = new ArrayList<>();
        @Nullable String next = null;
        do {
            @Nullable String wanted = next;
            Page<ObjectVersion> page =
                    patience.call(() -> traces.call("list versions", () -> vault.versions(id, wanted)));
            time.heard(page.readAt());
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
        int rounds = Math.max(USUAL_ROUNDS, properties.settleRounds());
        for (int copy = (execution - 1) * rounds; copy > 0; copy--) {
            String name = names.blob(object.id(), (copy - 1) / rounds + 1, (copy - 1) % rounds + 1);
            StoredBlob blob = patience.call(() -> store.find(name)).orElse(null);
            if (blob != null && object.token().sha256().equals(blob.metadata().get("token"))) {
                String sha256 = blob.metadata().get(StoredBlob.SHA_256);
                String began = blob.metadata().get("began");
                String told = blob.metadata().get("after");
                @Nullable Instant after = told == null ? null : Instant.parse(told);
                if (sha256 != null && began != null && isOfItsState(object, after) && isWhole(blob, sha256)) {
                    return new ObjectResult.Blob(
                            name, blob.version(), blob.size(), sha256, Instant.parse(began), after);
                }
            }
        }
        return null;
    }

    /** Another copy would be asked for after the next listing, where that can be told at all. */
    private boolean isOfItsState(PendingObject object, @Nullable Instant after) {
        @Nullable Instant updated = object.token().updated();
        return time.atLeast() == null
                || (after != null && updated != null && !after.isBefore(updated.plus(ClosingListing.TELLING)));
    }

    /** What is taken over unseen would be damaged for good: nobody makes the copy anew. */
    private boolean isWhole(StoredBlob blob, String sha256) {
        return patience.call(() -> {
            try (InputStream bytes = store.open(blob.name(), blob.version())) {
                return Sha256.of(bytes).equals(sha256);
            } catch (StoreException failed) {
                if (failed.failure().reason() == FailureReason.NOT_FOUND) { // gone since it was found
                    return false;
                }
                throw failed;
            } catch (IOException broken) {
                throw new StoreException(
                        Failure.of(
                                FailureReason.STORE_UNAVAILABLE,
                                "cannot read " + blob.name() + ": " + broken.getMessage()),
                        broken);
            }
        });
    }

    private ObjectResult.Blob copy(
            PendingObject object,
            int round,
            @Nullable List<ObjectVersion> versions,
            @Nullable Instant after,
            AtomicInteger attempts) {
        int known = versions == null ? 0 : versions.size();
        Instant began = clock.instant();
        try (ProtectedBytes bytes = patience.call(
                () -> traces.call("backup", () -> call(object.id(), known, attempts.get())),
                attempts::incrementAndGet)) {
            BlobContent content = BlobContent.of(bytes.content());
            String name = names.blob(object.id(), execution, round);
            Map<String, String> metadata = new HashMap<>(Map.of(
                    "kind", object.id().kind().word(),
                    "object", object.id().name(),
                    "token", object.token().sha256(),
                    "began", began.toString()));
            if (after != null) {
                metadata.put("after", after.toString());
            }
            StoredBlob stored = patience.call(() -> traces.call(
                    "upload", () -> times.ofUpload(() -> store.put(name, content, metadata, protection.ofCopy()))));
            return new ObjectResult.Blob(name, stored.version(), content.length(), content.sha256(), began, after);
        }
    }

    /**
     * Waits until another change would show in the object's change token, which tells whole seconds.
     *
     * @return the service's time, at least; null if it has not told any
     */
    private @Nullable Instant settled(PendingObject object) {
        @Nullable Instant updated = object.token().updated();
        return updated == null ? time.atLeast() : time.waitFor(updated.plus(ClosingListing.TELLING));
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
