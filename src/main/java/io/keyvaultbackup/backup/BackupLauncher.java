package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.PlannedObject;
import io.keyvaultbackup.ledger.RunLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.run.BackupRuns;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.Vaults;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobExecutionAlreadyRunningException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Launches runs of the backup job. */
@Component
final class BackupLauncher implements BackupRuns {

    private static final int INCIDENTS_TOLD = 50;

    private final BackupProperties properties;
    private final StoreProperties storeProperties;
    private final ObjectProvider<BackupStore> stores;
    private final Vaults vaults;
    private final RunLedger runs;
    private final ObjectLedger objects;
    private final BackupJob jobs;
    private final JobOperator operator;
    private final Stopwatch stopwatch;
    private final InstantSource clock;

    BackupLauncher(
            BackupProperties properties,
            StoreProperties storeProperties,
            ObjectProvider<BackupStore> stores,
            Vaults vaults,
            RunLedger runs,
            ObjectLedger objects,
            BackupJob jobs,
            JobOperator operator,
            Stopwatch stopwatch,
            InstantSource clock) {
        this.properties = properties;
        this.storeProperties = storeProperties;
        this.stores = stores;
        this.vaults = vaults;
        this.runs = runs;
        this.objects = objects;
        this.jobs = jobs;
        this.operator = operator;
        this.stopwatch = stopwatch;
        this.clock = clock;
    }

    @Override
    public RunResult run(RunRequest request, RunMonitor monitor) {
        refuseWrongConfiguration(storeProperties.problems());
        BackupStore store = stores.getObject();
        Optional<RunRecord> known = runs.find(request.snapshot());
        known.ifPresent(run -> refuseOtherVault(run, request));
        known.ifPresent(run -> refuseOtherSelection(run, request));
        if (known.isPresent() && known.get().status() == RunStatus.COMPLETE) {
            return alreadyComplete(known.get(), store);
        }
        Instant startedAt = clock.instant();
        int execution =
                1 + Math.max(known.map(run -> run.latest().number()).orElse(0), newestExecutionIn(store, request));
        Pacer pacer = new Pacer(Budget.parse(properties.budget()), stopwatch);
        Patience patience = new Patience(stopwatch);
        Vault vault = new PacedVault(vaults.open(request.vault().uri()), pacer);
        monitor.watch(pacer::usage);

        Seal seal = new Seal(request, execution, startedAt, objects, store, patience, clock, monitor);
        ObjectBackup objectBackup =
                new ObjectBackup(vault, store, SnapshotNames.of(request), execution, patience, properties, clock);
        Job job = jobs.build(
                request,
                execution,
                new Inventory(
                        vault,
                        patience,
                        monitor,
                        kind -> objects.completelyListed(request.snapshot()).contains(kind)),
                objectBackup,
                seal,
                monitor,
                () -> runs.begin(request, execution, startedAt));
        JobExecution ended = execute(job, request);
        RunStatus status = ended.getStatus().isUnsuccessful() && seal.status() == RunStatus.COMPLETE
                ? RunStatus.FAILED
                : seal.status();
        Instant endedAt = clock.instant();
        Pacer.Usage usage = pacer.usage();
        runs.end(
                request.snapshot(),
                new RunRecord.Execution(
                        execution, startedAt, endedAt, status, seal.manifest(), usage.spent(), usage.throttles()));
        List<Incident> defects = ended.getAllFailureExceptions().stream()
                .map(BackupLauncher::defect)
                .distinct()
                .toList();
        return result(
                request,
                execution,
                status,
                false,
                seal.manifest(),
                store,
                usage,
                Duration.between(startedAt, endedAt),
                defects);
    }

    private JobExecution execute(Job job, RunRequest request) {
        try {
            return operator.start(
                    job,
                    new JobParametersBuilder()
                            .addString("vault", request.vault().toString())
                            .addString("scheduledFor", request.scheduledFor().toString())
                            .toJobParameters());
        } catch (JobExecutionAlreadyRunningException running) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.HELD,
                    "Run " + request.snapshot() + " of " + request.vault()
                            + " is recorded as running. If its process is gone (killed, or"
                            + " its machine lost), start a new run: leave --scheduled-for out, or give another time. Continuing a killed run"
                            + " is not built yet.");
        } catch (Exception failed) {
            throw new IllegalStateException(
                    "Run " + request.snapshot() + " could not be started: " + failed.getMessage(), failed);
        }
    }

    @Override
    public RunPlan plan(RunRequest request, RunMonitor monitor) {
        refuseWrongConfiguration(List.of());
        Pacer pacer = new Pacer(Budget.parse(properties.budget()), stopwatch);
        monitor.watch(pacer::usage);
        monitor.enter(RunMonitor.Phase.INVENTORY);
        Vault vault = new PacedVault(vaults.open(request.vault().uri()), pacer);
        Inventory inventory = new Inventory(vault, new Patience(stopwatch), monitor, kind -> false);
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        Stage<PlannedObject> stage = inventory.read(request.selection().kinds());
        stage.open(new org.springframework.batch.infrastructure.item.ExecutionContext());
        try {
            for (PlannedObject listed = stage.read(); listed != null; listed = stage.read()) {
                Outcome outcome = Inventory.plan(listed, request.selection()).outcome();
                boolean covered = outcome == Outcome.PENDING && listed.object().managed();
                outcomes.merge(covered ? Outcome.COVERED_BY_CERTIFICATE : outcome, 1L, Long::sum);
            }
        } catch (Exception failed) {
            throw new IllegalStateException("the listing failed: " + failed.getMessage(), failed);
        } finally {
            stage.close();
        }
        return new RunPlan(request, outcomes, incidents(inventory));
    }

    private static List<Incident> incidents(Inventory inventory) {
        List<Incident> incidents = new ArrayList<>();
        for (Listing listing : inventory.listings()) {
            if (listing.failure() != null) {
                incidents.add(new Incident("listing of " + listing.kind().collection(), listing.failure()));
            }
        }
        return incidents;
    }

    private void refuseWrongConfiguration(List<String> ofStore) {
        List<String> problems = new ArrayList<>(properties.problems());
        problems.addAll(ofStore);
        if (!problems.isEmpty()) {
            throw RunRefusedException.wrongConfiguration(problems);
        }
    }

    /** The id's hash is short: of very many vaults at the same second, two may share one. */
    private static void refuseOtherVault(RunRecord run, RunRequest request) {
        if (!run.request().vault().equals(request.vault())) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    "Run " + run.snapshot() + " is one of " + run.request().vault() + ", and the run of "
                            + request.vault()
                            + " would have the same id. Start it with a --scheduled-for that is a second later.");
        }
    }

    private static void refuseOtherSelection(RunRecord run, RunRequest request) {
        String before = run.request().selection().canonical();
        String now = request.selection().canonical();
        if (!before.equals(now)) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    "Run " + run.snapshot() + " was started with another selection (" + before + ", now " + now
                            + "). Relaunch it with the same kinds and filters, or start a new run with another --scheduled-for.");
        }
    }

    private RunResult alreadyComplete(RunRecord run, BackupStore store) {
        RunRecord.Execution last = run.latest();
        return result(
                run.request(),
                last.number(),
                RunStatus.COMPLETE,
                true,
                last.manifest(),
                store,
                null,
                Duration.between(last.startedAt(), last.endedAt() == null ? last.startedAt() : last.endedAt()),
                List.of());
    }

    private static int newestExecutionIn(BackupStore store, RunRequest request) {
        SnapshotNames names = SnapshotNames.of(request);
        int newest = 0;
        for (String prefix : List.of(names.blobs(), names.manifests())) {
            try (Stream<StoredBlob> blobs = store.list(prefix)) {
                newest = Math.max(
                        newest,
                        blobs.mapToInt(blob -> SnapshotNames.executionOf(blob.name()))
                                .max()
                                .orElse(0));
            }
        }
        return newest;
    }

    private RunResult result(
            RunRequest request,
            int execution,
            RunStatus status,
            boolean alreadyComplete,
            @Nullable String manifest,
            BackupStore store,
            Pacer.@Nullable Usage usage,
            Duration duration,
            List<Incident> defects) {
        SnapshotId snapshot = request.snapshot();
        Map<Outcome, Long> outcomes = objects.counts(snapshot);
        List<Incident> incidents = new ArrayList<>(defects);
        incidents.addAll(objects.incidents(snapshot, INCIDENTS_TOLD));
        List<Listing> listings = objects.listings(snapshot);
        long failedListings =
                listings.stream().filter(listing -> listing.failure() != null).count();
        Set<FailureReason> reasons = objects.reasons(snapshot);
        Set<FailureReason> all = EnumSet.noneOf(FailureReason.class);
        all.addAll(reasons);
        defects.forEach(defect -> all.add(defect.failure().reason()));
        all.remove(FailureReason.CERTIFICATE_NOT_BACKED_UP); // what the certificate's own failure brought about
        boolean nothingDone = manifest == null && !all.isEmpty() && !outcomes.containsKey(Outcome.BACKED_UP);
        return new RunResult(
                request,
                execution,
                status,
                alreadyComplete,
                outcomes,
                incidents,
                defects.size() + failedListings + outcomes.getOrDefault(Outcome.FAILED, 0L),
                outcomes.containsKey(Outcome.PENDING) || reasons.stream().anyMatch(FailureReason::relaunchMayHelp),
                nothingDone && all.stream().allMatch(FailureReason::isMissingPermission),
                nothingDone && all.equals(Set.of(FailureReason.STORE_NOT_FOUND)),
                manifest,
                store.location(),
                usage,
                duration);
    }

    private static Incident defect(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailureException understood) {
                return new Incident("the run itself", understood.failure());
            }
        }
        return new Incident("the run itself", Failure.of(FailureReason.UNKNOWN, String.valueOf(thrown.getMessage())));
    }
}
