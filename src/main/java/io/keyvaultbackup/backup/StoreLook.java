package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.SeenCopies;
import io.keyvaultbackup.ledger.StoredObjects;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks which of a run's copies the store has, whatever their names show now, in the snapshot's own folder and in those of the snapshots whose copies it refers to. For one thread
 * after another.
 */
final class StoreLook {

    private static final CompletableFuture<@Nullable Seen> NOT_BEGUN = CompletableFuture.completedFuture(null);

    private final RunRequest request;
    private final BackupStore store;
    private final StoredObjects stored;
    private final AskedProtection protection;
    private final Patience patience;
    private final Set<String> looked = new HashSet<>();
    private final SeenCopies asWritten = new SeenCopies();
    private CompletableFuture<@Nullable Seen> begun = NOT_BEGUN;

    private record Seen(List<String> folders, SeenCopies copies) {}

    StoreLook(
            RunRequest request,
            BackupStore store,
            StoredObjects stored,
            AskedProtection protection,
            Patience patience) {
        this.request = request;
        this.store = store;
        this.stored = stored;
        this.protection = protection;
        this.patience = patience;
    }

    /**
     * Looks into a folder before it is known what will be needed of it.
     *
     * @throws io.keyvaultbackup.vault.FailureException if the store did not tell; it is asked again when it has to
     */
    void ahead(String folder) {
        each(() -> store.listVersions(folder), version -> add(version, asWritten));
        looked.add(folder);
    }

    /**
     * What is there, as it was written.
     *
     * @throws io.keyvaultbackup.vault.FailureException if the store did not tell
     */
    SeenCopies beforeBackup() {
        folders().stream().filter(folder -> !looked.contains(folder)).forEach(this::ahead);
        return asWritten;
    }

    /** Begins the look that the seal needs, while what comes before it is done: no copy is to be written any more. */
    void begin() {
        begun = CompletableFuture.supplyAsync(
                () -> onceMore(folders()),
                task -> Thread.ofPlatform()
                        .daemon()
                        .name("look")
                        .start(task)); // not a virtual one: files are listed by their carriers, which are few
    }

    /**
     * The same once more, as it was begun if it was. Of what other runs have written, and was looked at in this one, names and sizes are enough.
     *
     * @throws io.keyvaultbackup.vault.FailureException if the store did not tell
     */
    SeenCopies beforeSeal() {
        List<String> folders = folders();
        @Nullable Seen seen = awaitBegun();
        return seen != null
                        && seen.folders().containsAll(folders) // else something was put back, which is not so as yet
                ? seen.copies()
                : onceMore(folders).copies();
    }

    private @Nullable Seen awaitBegun() {
        try {
            return begun.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException own ? own : failed;
        } finally {
            begun = NOT_BEGUN;
        }
    }

    private Seen onceMore(List<String> folders) {
        SeenCopies seen = new SeenCopies();
        for (String folder : folders) {
            if (looked.contains(folder) && !folder.equals(own())) {
                each(() -> store.listVersionNames(folder), seen::addByName);
            } else {
                each(() -> store.listVersions(folder), version -> add(version, seen));
            }
        }
        return new Seen(folders, seen);
    }

    private void add(BlobVersion version, SeenCopies seen) {
        seen.addAsWritten(version);
        protection.seen(version);
    }

    private List<String> folders() {
        return stored.folders(request.snapshot(), own().length());
    }

    private String own() {
        return SnapshotNames.of(request).blobs();
    }

    private void each(Supplier<Stream<BlobVersion>> listing, Consumer<BlobVersion> consumer) {
        patience.call(() -> {
            try (Stream<BlobVersion> blobs = listing.get()) {
                blobs.forEach(consumer);
                return true;
            }
        });
    }
}
