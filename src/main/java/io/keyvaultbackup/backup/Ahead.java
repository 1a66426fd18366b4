package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.pipeline.Carried;
import io.keyvaultbackup.snapshot.CheckedCopies;
import io.keyvaultbackup.snapshot.ManifestExamination;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.FailureException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is examined of the store while the vault is listed, which leaves the processor idle: the manifest that most copies will be taken from, and whether
 * those are there. Whatever keeps this from its end shows again when it is done once more. Safe for use by many threads.
 */
final class Ahead {

    private static final Logger LOG = LoggerFactory.getLogger(Ahead.class);

    static final Ahead NOTHING =
            new Ahead(CompletableFuture.completedFuture(false), CompletableFuture.completedFuture(null));

    private final CompletableFuture<Boolean> any;
    private final CompletableFuture<@Nullable Examined> examining;

    private record Examined(StoredSnapshot snapshot, ManifestExamination.Examined manifest) {}

    private Ahead(CompletableFuture<Boolean> any, CompletableFuture<@Nullable Examined> examining) {
        this.any = any;
        this.examining = examining;
    }

    /** @param look told each folder that has copies, by another thread; may throw a {@link FailureException} */
    static Ahead start(Supplier<Optional<StoredSnapshot>> latest, CheckedCopies copies, Consumer<String> look) {
        CompletableFuture<Boolean> any = new CompletableFuture<>();
        CompletableFuture<@Nullable Examined> examining = new CompletableFuture<>();
        // Not a virtual one: it computes, and those that list the vault share few carriers.
        Thread.ofPlatform().daemon().name("earlier copies").start(Carried.over(() -> {
            try {
                Optional<StoredSnapshot> newest = latest.get();
                any.complete(newest.isPresent());
                examining.complete(
                        newest.map(snapshot -> examine(snapshot, copies, look)).orElse(null));
            } catch (Throwable failed) { // or whoever waits would wait for ever
                LOG.debug("Nothing could be examined beforehand", failed);
                examining.complete(null);
            }
        }));
        return new Ahead(any, examining);
    }

    private static Examined examine(StoredSnapshot snapshot, CheckedCopies copies, Consumer<String> look) {
        Set<String> folders = new TreeSet<>();
        ManifestExamination.Examined manifest =
                copies.examine(snapshot, object -> folder(snapshot, object).ifPresent(folders::add));
        try {
            folders.forEach(look);
        } catch (FailureException untold) {
            LOG.debug("The store did not tell what it has of {}", snapshot.id(), untold);
        }
        return new Examined(snapshot, manifest);
    }

    private static Optional<String> folder(StoredSnapshot snapshot, LedgerObject object) {
        ObjectResult.@Nullable Blob blob = object.result().blob();
        return blob != null
                        && SnapshotNames.isCopy(
                                blob.name(), snapshot.vault(), object.object().id())
                ? SnapshotNames.snapshotOfCopy(blob.name())
                        .map(made -> new SnapshotNames(snapshot.vault(), made.value()).blobs())
                : Optional.empty();
    }

    /** Whether it is known by now that there is no earlier snapshot. */
    boolean isOfNone() {
        return !any.getNow(true);
    }

    /** Until nothing more happens beforehand. */
    void await() {
        examining.join();
    }

    /** What was examined, if that was this snapshot's manifest. */
    Optional<ManifestExamination.Examined> examined(StoredSnapshot snapshot) {
        @Nullable Examined done = examining.join();
        return done != null && done.snapshot().manifest().equals(snapshot.manifest())
                ? Optional.of(done.manifest())
                : Optional.empty();
    }
}
