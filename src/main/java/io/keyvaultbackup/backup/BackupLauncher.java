package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ManagedObjects;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.RunLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.ledger.StoredObjects;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.BackupRuns;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHeldException;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.Vaults;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Launches runs of the backup job. */
@Component
final class BackupLauncher implements BackupRuns {

    private final BackupProperties properties;
    private final ObjectProvider<BackupStore> stores;
    private final ObjectProvider<Leases> leases;
    private final RunRecovery recovery;
    private final StoredRuns storedRuns;
    private final Vaults vaults;
    private final RunLedger runs;
    private final ObjectLedger objects;
    private final StoredObjects stored;
    private final ManagedObjects managed;
    private final BackupJob jobs;
    private final BackupPlanner planner;
    private final RunResults results;
    private final BackupMeters meters;
    private final JobOperator operator;
    private final Stopwatch stopwatch;
    private final InstantSource clock;

    BackupLauncher(
            BackupProperties properties,
            ObjectProvider<BackupStore> stores,
            ObjectProvider<Leases> leases,
            RunRecovery recovery,
            StoredRuns storedRuns,
            Vaults vaults,
            RunLedger runs,
            ObjectLedger objects,
            StoredObjects stored,
            ManagedObjects managed,
            BackupJob jobs,
            BackupPlanner planner,
            RunResults results,
            BackupMeters meters,
            JobOperator operator,
            Stopwatch stopwatch,
            InstantSource clock) {
        this.properties = properties;
        this.stores = stores;
        this.leases = leases;
        this.recovery = recovery;
        this.storedRuns = storedRuns;
        this.vaults = vaults;
        this.runs = runs;
        this.objects = objects;
        this.stored = stored;
        this.managed = managed;
        this.jobs = jobs;
        this.planner = planner;
        this.results = results;
        this.meters = meters;
        this.operator = operator;
        this.stopwatch = stopwatch;
        this.clock = clock;
    }

    @Override
    public RunResult run(RunRequest request, RunMonitor monitor, StopSignal stop) {
        BackupStore store = stores.getObject();
        Optional<RunRecord> known = runs.find(request.snapshot());
        known.ifPresent(run -> refuseOtherVault(run, request));
        known.ifPresent(run -> refuseOtherSelection(run, request));
        if (known.filter(BackupLauncher::isComplete).isPresent()) {
            return results.alreadyComplete(known.get(), store.location());
        }
        int least = 1
                + Math.max(
                        known.map(run -> run.latest().number()).orElse(0), recovery.newestExecutionIn(store, request));
        StopSignal ofThisRun = new StopSignal();
        stop.onGiven(ofThisRun::give);
        try (KeptLease lease = new KeptLease(acquire(request, least), request, ofThisRun)) {
            recovery.recover(request, parameters(request), store);
            Optional<RunRecord> recovered = runs.find(request.snapshot());
            recovered.ifPresent(run -> refuseOtherSelection(run, request));
            Optional<RunRecord> complete = recovered.filter(BackupLauncher::isComplete);
            return complete.isPresent()
                    ? results.alreadyComplete(complete.get(), store.location())
                    : run(request, monitor, store, lease, ofThisRun);
        }
    }

    private Lease acquire(RunRequest request, int leastExecution) {
        try {
            return leases.getObject()
                    .acquire(
                            request.vault().storeName(),
                            request.snapshot().value(),
                            ThisProcess.name(),
                            leastExecution);
        } catch (LeaseHeldException held) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.HELD,
                    held.getMessage()
                            + ". Wait until it has ended, or stop it; the lease of a process that died ends by itself.");
        }
    }

    private static boolean isComplete(RunRecord run) {
        return run.status() == RunStatus.COMPLETE;
    }

    private RunResult run(RunRequest request, RunMonitor monitor, BackupStore store, KeptLease lease, StopSignal stop) {
        int execution = lease.execution();
        Instant startedAt = clock.instant();
        Pacer pacer = new Pacer(Budget.parse(properties.budget()), stopwatch);
        Patience patience = new Patience(stopwatch);
        Vault vault = new PacedVault(vaults.open(request.vault().uri()), pacer);
        monitor.watch(pacer::usage);

        Seal seal = new Seal(request, execution, startedAt, objects, stored, managed, store, patience, clock, monitor);
        ObjectBackup objectBackup =
                new ObjectBackup(vault, store, SnapshotNames.of(request), execution, patience, properties, clock);
        Deadline deadline = new Deadline(properties.deadline());
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
                stop,
                deadline.timeUp(),
                () -> runs.begin(request, execution, startedAt));
        JobExecution ended;
        try (deadline) {
            ended = execute(job, request);
        }
        RunStatus status = lease.lost().isPresent() ? RunStatus.FAILED : statusOf(ended, seal);
        Instant endedAt = clock.instant();
        Pacer.Usage usage = pacer.usage();
        runs.end(
                request.snapshot(),
                new RunRecord.Execution(
                        execution, startedAt, endedAt, status, seal.manifest(), usage.spent(), usage.throttles()));
        meters.ended(request.vault(), status, usage, Duration.between(startedAt, endedAt));
        List<Failure> failures = new ArrayList<>(ended.getAllFailureExceptions().stream()
                .map(RunResults::understand)
                .toList());
        lease.lost().map(RunResults::understand).ifPresent(failures::add);
        seal.failure().ifPresent(failures::add);
        if (deadline.timeUp().isGiven() && status == RunStatus.INCOMPLETE) {
            failures.add(Failure.of(
                    FailureReason.DEADLINE,
                    "it was not done after "
                            + properties.deadline().toString().substring(2).toLowerCase(Locale.ROOT)
                            + ", the time that it is given"));
        }
        return results.ended(
                request,
                execution,
                status,
                seal.manifest(),
                store.location(),
                usage,
                Duration.between(startedAt, endedAt),
                failures);
    }

    private static RunStatus statusOf(JobExecution ended, Seal seal) {
        if (ended.getStatus() == BatchStatus.STOPPED) {
            return RunStatus.STOPPED;
        }
        return ended.getStatus().isUnsuccessful() && seal.status() == RunStatus.COMPLETE
                ? RunStatus.FAILED
                : seal.status();
    }

    private JobExecution execute(Job job, RunRequest request) {
        try {
            return operator.start(job, parameters(request));
        } catch (Exception failed) {
            throw new IllegalStateException(
                    "Run " + request.snapshot() + " could not be started: " + failed.getMessage(), failed);
        }
    }

    private static JobParameters parameters(RunRequest request) {
        return new JobParametersBuilder()
                .addString("vault", request.vault().toString())
                .addString("scheduledFor", request.scheduledFor().toString())
                .toJobParameters();
    }

    @Override
    public Optional<RunRequest> latest(VaultAddress vault, Selection selection) {
        return runs.latestOf(vault).map(RunRecord::request).or(() -> storedRuns.latestOf(vault, selection));
    }

    @Override
    public List<RunRequest> startingWith(String id, Collection<VaultAddress> vaults, Selection selection) {
        List<RunRequest> known = runs.startingWith(id).stream()
                .map(RunRecord::request)
                .filter(run -> vaults.isEmpty() || vaults.contains(run.vault()))
                .toList();
        return known.isEmpty()
                ? vaults.stream()
                        .flatMap(vault -> storedRuns.startingWith(id, vault, selection).stream())
                        .toList()
                : known;
    }

    @Override
    public RunPlan plan(RunRequest request, RunMonitor monitor) {
        return planner.plan(request, monitor);
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
}
