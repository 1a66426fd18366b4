package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.RunLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.ledger.RunSummaries;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.LeftExecution;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.ManifestReader;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobVersion;
import io.keyvaultbackup.vault.FailureException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings the job database up to what really happened to a run: an execution that died in mid-run, an end that the ledger did not learn
 * of, and, where another database or none knew of it, the manifest in the store. For whoever holds the vault's lease.
 */
final class RunRecovery {

    private static final int BATCH = 500;

    private final JobRepository repository;
    private final RunLedger runs;
    private final ObjectLedger objects;
    private final RunSummaries summaries;
    private final TransactionTemplate transaction;
    private final Patience patience;
    private final InstantSource clock;

    RunRecovery(
            JobRepository repository,
            RunLedger runs,
            ObjectLedger objects,
            RunSummaries summaries,
            PlatformTransactionManager transactions,
            Stopwatch stopwatch,
            InstantSource clock) {
        this.repository = repository;
        this.runs = runs;
        this.objects = objects;
        this.summaries = summaries;
        this.transaction = new TransactionTemplate(transactions);
        this.patience = new Patience(stopwatch);
        this.clock = clock;
    }

    /** The highest number that an execution of this run has used, as far as the store's names tell, a forgotten one's too; 0 if none has. */
    int newestExecutionIn(BackupStore store, RunRequest request) {
        SnapshotNames names = SnapshotNames.of(request);
        return patience.call(() -> {
            int newest = 0;
            for (String prefix : List.of(names.blobs(), names.manifests(), names.tombstones())) {
                try (Stream<BlobVersion> blobs = store.listVersionNames(prefix)) {
                    newest = Math.max(
                            newest,
                            blobs.mapToInt(blob -> SnapshotNames.executionOf(blob.name()))
                                    .max()
                                    .orElse(0));
                }
            }
            return newest;
        });
    }

    /**
     * What is known of the run then. Holding the lease proves that nobody works on it: what is recorded as running died without a word.
     */
    Optional<RunRecord> recover(RunRequest request, BackupStore store) {
        Optional<JobExecution> last =
                LeftExecution.recoverLast(BackupJob.NAME, BackupExecution.parameters(request), repository, clock);
        if (last.filter(execution -> execution.getStatus() == BatchStatus.COMPLETED)
                .isPresent()) {
            runs.find(request.snapshot())
                    .filter(run -> run.status() != RunStatus.COMPLETE)
                    .ifPresent(run -> recordThatItIsComplete(run, store));
        }
        runs.abandonRunning(request.snapshot(), clock.instant());
        Optional<RunRecord> known = runs.find(request.snapshot());
        Optional<StoredManifest> newer = newestManifest(store, request)
                .filter(manifest -> manifest.execution()
                        > known.map(run -> run.latest().number()).orElse(0));
        // First, or a crash in between would let it pass for complete; and what the ledger has let go is not complete
        // by Spring Batch's record alone.
        if (newer.isPresent() || known.isEmpty()) {
            last.ifPresent(execution -> LeftExecution.reopen(execution, repository));
        }
        newer.ifPresent(manifest -> rebuild(store, manifest, known.isPresent()));
        return runs.find(request.snapshot());
    }

    /** The job completes only once it is sealed, so all that is missing is the ledger's last word. */
    private void recordThatItIsComplete(RunRecord run, BackupStore store) {
        RunRecord.Execution last = run.latest();
        String manifest = SnapshotNames.of(run.request()).manifest(last.number());
        runs.end(
                run.snapshot(),
                new RunRecord.Execution(
                        last.number(),
                        last.startedAt(),
                        clock.instant(),
                        RunStatus.COMPLETE,
                        manifest,
                        momentIn(store, run.request(), manifest),
                        last.unitsSpent(),
                        last.throttles()));
    }

    /** What cannot be read any more tells no moment; the run is complete all the same. */
    private @Nullable Instant momentIn(BackupStore store, RunRequest request, String manifest) {
        try {
            return patience.call(() -> manifests(store, request)
                    .filter(one -> one.name().equals(manifest))
                    .findFirst()
                    .map(one -> ManifestReader.head(store, one).consistentAsOf())
                    .orElse(null));
        } catch (FailureException unread) {
            return null;
        }
    }

    private Optional<StoredManifest> newestManifest(BackupStore store, RunRequest request) {
        return patience.call(() -> manifests(store, request).max(Comparator.comparingInt(StoredManifest::execution)));
    }

    private static Stream<StoredManifest> manifests(BackupStore store, RunRequest request) {
        return Chain.manifestsStarting(store, SnapshotNames.of(request).manifests()).stream();
    }

    /** What another database knew of this run, or this one before it was lost, is in the manifest; blobs that no manifest names are adopted one by one. */
    private void rebuild(BackupStore store, StoredManifest manifest, boolean inPlaceOfOthers) {
        patience.call(() -> transaction.execute(status -> {
            List<LedgerObject> batch = new ArrayList<>();
            ManifestReader.read(
                    store,
                    manifest,
                    head -> {
                        if (inPlaceOfOthers) {
                            objects.forget(head.request().snapshot());
                        }
                        runs.rebuild(
                                head.request(),
                                head.execution(),
                                head.startedAt(),
                                head.sealedAt(),
                                head.complete(),
                                head.consistentAsOf(),
                                manifest.name());
                        head.listings()
                                .forEach(
                                        listing -> objects.listed(head.request().snapshot(), listing));
                    },
                    object -> {
                        batch.add(object);
                        if (batch.size() == BATCH) {
                            restore(manifest, batch);
                        }
                    });
            restore(manifest, batch);
            summaries.refresh(manifest.snapshot());
            return manifest;
        }));
    }

    private void restore(StoredManifest manifest, List<LedgerObject> batch) {
        objects.restore(manifest.snapshot(), manifest.execution(), batch);
        batch.clear();
    }
}
