package io.keyvaultbackup.verify;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.ChainExamination;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.ManifestExamination;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.VerificationRequest;
import io.keyvaultbackup.store.BackupStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/** The first step: what manifests and a listing tell. It keeps what the second needs, and what it found. */
final class Examination implements Tasklet {

    private final VerificationRequest request;
    private final BackupStore store;
    private final Patience patience;
    private final SignatureKey key;
    private final List<IntegrityFinding> findings = new ArrayList<>();
    private Copies copies = new Copies(findings::add);
    private long manifests;
    private long forgotten;

    Examination(VerificationRequest request, BackupStore store, Patience patience, SignatureKey key) {
        this.request = request;
        this.store = store;
        this.patience = patience;
        this.key = key;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        examine();
        return RepeatStatus.FINISHED;
    }

    void examine() {
        StoredSnapshot snapshot = request.snapshot();
        String folder = new SnapshotNames(snapshot.vault(), snapshot.id().value()).blobs();
        // Listing takes about as long as reading, so they go side by side.
        CompletableFuture<Copies.Folder> listing = CompletableFuture.supplyAsync(
                () -> patience.call(() -> Copies.Folder.of(store, folder)),
                task -> Thread.ofVirtual().name("listing").start(task));
        Copies expected = new Copies(findings::add);
        ManifestExamination manifest = new ManifestExamination(store, patience, key, findings::add);
        ManifestExamination.Examined examined =
                manifest.examine(snapshot.vault(), snapshot.manifest(), expected::expect);
        List<StoredManifest> all = patience.call(() -> Chain.manifests(store, snapshot.vault()));
        forgotten = new ChainExamination(store, patience, key, request.read().isNone() ? null : manifest, findings::add)
                .examine(snapshot.vault(), all, snapshot.manifest(), examined);
        Copies.Folder own = result(listing);
        findings.addAll(patience.call(() -> expected.lookFor(store, own)));
        copies = expected;
        manifests = all.size();
    }

    private static <T> T result(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    Copies copies() {
        return copies;
    }

    List<IntegrityFinding> findings() {
        return List.copyOf(findings);
    }

    long manifests() {
        return manifests;
    }

    long forgotten() {
        return forgotten;
    }
}
