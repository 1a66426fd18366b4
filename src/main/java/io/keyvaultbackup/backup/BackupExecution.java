package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ClosingListing;
import io.keyvaultbackup.ledger.FormerCopies;
import io.keyvaultbackup.ledger.ManagedObjects;
import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.ReusedCopies;
import io.keyvaultbackup.ledger.RunLedger;
import io.keyvaultbackup.ledger.RunProgressNotes;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.ledger.StoredObjects;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.CommonBudgets;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.KeptLease;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.run.VaultTerms;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.ProtectionProperties;
import io.keyvaultbackup.telemetry.LogFields;
import io.keyvaultbackup.telemetry.OfVault;
import io.keyvaultbackup.telemetry.Traces;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureReason;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.Vaults;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.beans.factory.ObjectProvider;

/** One execution of a run, for whoever holds the vault's lease: the job from its first step to what is told of it. */
final class BackupExecution {

    private static final Logger LOG = LoggerFactory.getLogger(BackupExecution.class);

    private final BackupProperties general;
    private final ProtectionProperties protections;
    private final Fleet fleet;
    private final Vaults vaults;
    private final RunLedger runs;
    private final ObjectLedger objects;
    private final StoredObjects stored;
    private final ReusedCopies reused;
    private final EarlierCopies earlier;
    private final ManagedObjects managed;
    private final ClosingListing closing;
    private final FormerCopies former;
    private final RunProgressNotes progress;
    private final Semaphore notingProgress = new Semaphore(1);
    private final BackupJob jobs;
    private final RunResults results;
    private final LettingGo lettingGo;
    private final BackupMeters meters;
    private final JobOperator operator;
    private final ObservationRegistry observations;
    private final Traces traces;
    private final ObjectProvider<Signer> signers;
    private final Stopwatch stopwatch;
    private final InstantSource clock;
    private final CommonBudgets commonBudgets;

    BackupExecution(
            BackupProperties general,
            ProtectionProperties protections,
            Fleet fleet,
            Vaults vaults,
            RunLedger runs,
            ObjectLedger objects,
            StoredObjects stored,
            ReusedCopies reused,
            EarlierCopies earlier,
            ManagedObjects managed,
            ClosingListing closing,
            FormerCopies former,
            RunProgressNotes progress,
            BackupJob jobs,
            RunResults results,
            LettingGo lettingGo,
            BackupMeters meters,
            JobOperator operator,
            ObservationRegistry observations,
            Traces traces,
            ObjectProvider<Signer> signers,
            Stopwatch stopwatch,
            InstantSource clock,
            CommonBudgets commonBudgets) {
        this.general = general;
        this.protections = protections;
        this.fleet = fleet;
        this.vaults = vaults;
        this.runs = runs;
        this.objects = objects;
        this.stored = stored;
        this.reused = reused;
        this.earlier = earlier;
        this.managed = managed;
        this.closing = closing;
        this.former = former;
        this.progress = progress;
        this.jobs = jobs;
        this.results = results;
        this.lettingGo = lettingGo;
        this.meters = meters;
        this.operator = operator;
        this.observations = observations;
        this.traces = traces;
        this.signers = signers;
        this.stopwatch = stopwatch;
        this.clock = clock;
        this.commonBudgets = commonBudgets;
    }

    /**
     * @param promisedBefore until when earlier executions of the run promised its snapshot to be kept; asked if this one promises nothing
     * @param stoppedBy the operator's stop, if it was that which stopped it
     */
    RunResult run(
            RunRequest request,
            RunMonitor monitor,
            BackupStore store,
            KeptLease lease,
            StopSignal stop,
            Supplier<Optional<Instant>> promisedBefore,
            Supplier<Optional<Failure>> stoppedBy) {
        int execution = lease.execution();
        Instant startedAt = clock.instant();
        traces.number(request.snapshot().value(), execution);
        LOG.info("Execution {} of run {} of {} begins", execution, request.snapshot(), request.vault());
        VaultTerms terms = fleet.termsOf(request.vault());
        BackupProperties properties = general.at(terms);
        CallTimes times = meters.began(request.vault());
        Pacer pacer = new Pacer(Budget.parse(properties.budget()), stopwatch, commonBudgets.of(request.vault()));
        Patience patience = new Patience(stopwatch, failure -> again(request, failure));
        Vault vault = new PacedVault(new TimedVault(vaults.open(request.vault().uri()), times), pacer);
        monitor.watch(pacer::usage);

        ServiceTime time = new ServiceTime(stopwatch);
        Function<Predicate<ObjectKind>, Inventory> inventories =
                needless -> new Inventory(vault, patience, monitor, traces, time, needless);
        Deadline deadline = new Deadline(properties.deadline());
        AskedProtection protection = new AskedProtection(
                protections.withImmutableFor(terms.immutableFor()), properties.refreshDays(), startedAt);
        StoreLook look = new StoreLook(request, store, stored, protection, patience);
        Settling settling = new Settling(
                request,
                execution,
                properties.settleRounds(),
                objects,
                closing,
                former,
                time,
                deadline.timeUp(),
                inventories,
                look::begin);
        StoppableCalls calls = new StoppableCalls(stop, stopwatch);
        Reusing reusing = new Reusing(
                request,
                execution,
                properties,
                earlier,
                objects,
                reused,
                stored,
                look,
                calls,
                stop,
                deadline.timeUp(),
                monitor);
        Seal seal = new Seal(
                request,
                execution,
                startedAt,
                objects,
                stored,
                look,
                managed,
                settling,
                properties.place(),
                store,
                protection,
                signers.getIfAvailable(),
                calls,
                lease::isHeld,
                patience,
                clock,
                monitor);
        ObjectBackup objectBackup = new ObjectBackup(
                vault,
                store,
                SnapshotNames.of(request),
                execution,
                patience,
                properties,
                protection,
                time,
                settling::hearTheTime,
                times,
                traces,
                clock);
        ProgressNoting noting = new ProgressNoting(progress, request, execution, monitor, clock, notingProgress);
        Job job = jobs.build(
                request,
                execution,
                inventories.apply(
                        kind -> objects.completelyListed(request.snapshot()).contains(kind)),
                reusing,
                objectBackup,
                settling,
                seal,
                monitor,
                stop,
                deadline.timeUp(),
                () -> {
                    runs.begin(request, execution, startedAt);
                    noting.begin();
                    if (!request.full()) {
                        reusing.begin();
                    }
                });
        JobExecution ended;
        try (deadline;
                noting) {
            ended = execute(job, request);
        }
        RunStatus status = lease.lost().isPresent() ? RunStatus.FAILED : statusOf(ended, seal);
        Instant endedAt = clock.instant();
        Pacer.Usage usage = pacer.usage();
        runs.end(
                request.snapshot(),
                new RunRecord.Execution(
                        execution,
                        startedAt,
                        endedAt,
                        status,
                        seal.manifest(),
                        seal.settlement().consistentAsOf(),
                        usage.spent(),
                        usage.throttles()));
        Optional<Failure> stopped = status == RunStatus.STOPPED ? stoppedBy.get() : Optional.empty();
        Optional<Throwable> ofDatabase = RunResults.ofDatabase(ended.getAllFailureExceptions());
        List<Failure> failures = new ArrayList<>(stopped.stream().toList());
        ended.getAllFailureExceptions().stream()
                .filter(thrown -> !(thrown instanceof JobInterruptedException)) // that it was stopped its status tells
                .map(RunResults::understand)
                .forEach(failures::add);
        lease.lost().map(RunResults::understand).ifPresent(failures::add);
        seal.failure().ifPresent(failures::add);
        if (deadline.timeUp().isGiven() && status == RunStatus.INCOMPLETE) {
            failures.add(Failure.of(
                    FailureReason.DEADLINE,
                    "it was not done after "
                            + properties.deadline().toString().substring(2).toLowerCase(Locale.ROOT)
                            + ", the time that it is given"));
        }
        List<Incident> incidents = new ArrayList<>(failures.stream()
                .map(failure -> new Incident("the run itself", failure))
                .toList());
        incidents.addAll(settling.incidents());
        runs.note(request.snapshot(), execution, incidents);
        RunResult result = results.ended(
                request,
                execution,
                status,
                reusing.result(),
                protection.result(
                        store,
                        seal.manifest() != null,
                        execution == 1 || stop.isGiven() ? Optional::empty : promisedBefore),
                seal.settlement(),
                seal.manifest(),
                store.location(),
                usage,
                Duration.between(startedAt, endedAt),
                incidents);
        meters.ended(new BackupMeters.Ending(
                request,
                result,
                usage,
                startedAt,
                endedAt,
                objects.countsByKind(request.snapshot()),
                seal.mostVersions().stream()
                        .map(most -> properties.versionLimit() - most)
                        .findAny()));
        if (ofDatabase.isPresent()) { // told as where it has not come back, which the ledger has said by now
            throw new IllegalStateException("the job database failed in mid-run", ofDatabase.get());
        }
        if (status == RunStatus.COMPLETE || status == RunStatus.INCOMPLETE) {
            lettingGo.after(request.vault());
        }
        return result;
    }

    private void again(RunRequest request, Failure failure) {
        meters.retried(request.vault(), failure);
        traces.retried(failure);
        LogFields.ofFailure(
                failure, () -> LOG.debug("A call failed and is made again, after a while: {}", failure.describe()));
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
            return Observation.createNotStarted("keyvault.backup.execution", observations)
                    .lowCardinalityKeyValue(OfVault.VAULT, request.vault().storeName())
                    .observeChecked(() -> operator.start(job, parameters(request)));
        } catch (Exception failed) {
            throw new IllegalStateException(
                    "Run " + request.snapshot() + " could not be started: " + failed.getMessage(), failed);
        }
    }

    /** What makes the run the same job instance at each launch. */
    static JobParameters parameters(RunRequest request) {
        return new JobParametersBuilder()
                .addString("vault", request.vault().toString())
                .addString("scheduledFor", request.scheduledFor().toString())
                .toJobParameters();
    }
}
