package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.RunLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.KeptLease;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.pipeline.VaultLease;
import io.keyvaultbackup.run.BackupRuns;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.RunResult;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.snapshot.RunStops;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StopNote;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.telemetry.Traces;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/** Launches runs of the backup job. */
final class BackupLauncher implements BackupRuns {

    private static final Logger LOG = LoggerFactory.getLogger(BackupLauncher.class);

    private final ObjectProvider<BackupStore> stores;
    private final ObjectProvider<Leases> leases;
    private final ObjectProvider<Signer> signers;
    private final RunRecovery recovery;
    private final StoredRuns storedRuns;
    private final StoppedRuns stoppedRuns;
    private final RunStops stops;
    private final RunLedger runs;
    private final BackupExecution execution;
    private final BackupPlanner planner;
    private final RunResults results;
    private final BackupMeters meters;
    private final BackupNews news;
    private final Traces traces;
    private final Stopwatch stopwatch;
    private final InstantSource clock;

    BackupLauncher(
            ObjectProvider<BackupStore> stores,
            ObjectProvider<Leases> leases,
            ObjectProvider<Signer> signers,
            RunRecovery recovery,
            StoredRuns storedRuns,
            StoppedRuns stoppedRuns,
            RunStops stops,
            RunLedger runs,
            BackupExecution execution,
            BackupPlanner planner,
            RunResults results,
            BackupMeters meters,
            BackupNews news,
            Traces traces,
            Stopwatch stopwatch,
            InstantSource clock) {
        this.stores = stores;
        this.leases = leases;
        this.signers = signers;
        this.recovery = recovery;
        this.storedRuns = storedRuns;
        this.stoppedRuns = stoppedRuns;
        this.stops = stops;
        this.runs = runs;
        this.execution = execution;
        this.planner = planner;
        this.results = results;
        this.meters = meters;
        this.news = news;
        this.traces = traces;
        this.stopwatch = stopwatch;
        this.clock = clock;
    }

    @Override
    public RunResult run(RunRequest request, RunMonitor monitor, StopSignal stop) {
        return run(request, monitor, stop, false);
    }

    /** @param goesOn whether an operator's stop, if there was one, holds no more */
    private RunResult run(RunRequest request, RunMonitor monitor, StopSignal stop, boolean goesOn) {
        return traces.execution(
                "backup", request.vault().storeName(), request.snapshot().value(), told -> {
                    try {
                        RunResult result = launch(request, monitor, stop, goesOn);
                        tell(told, result);
                        news.ended(result);
                        return result;
                    } catch (
                            RunRefusedException
                                    refused) { // another one is at work, or it was not meant: that is no end of the run
                        throw refused;
                    } catch (RuntimeException failed) {
                        meters.failed(request, clock.instant());
                        news.failed(request, failed);
                        throw failed;
                    }
                });
    }

    private static void tell(Traces.Execution told, RunResult result) {
        told.is("execution", result.execution());
        told.ended(result.status(), result.status() == RunStatus.COMPLETE);
        told.is(
                "kinds",
                result.request().selection().kinds().stream()
                        .map(ObjectKind::word)
                        .sorted()
                        .collect(Collectors.joining(",")));
        result.outcomes().forEach((outcome, count) -> told.is("objects." + Traces.word(outcome), count));
        LOG.info(
                "Execution {} of run {} ended: {}",
                result.execution(),
                result.request().snapshot(),
                Traces.word(result.status()));
    }

    private RunResult launch(RunRequest request, RunMonitor monitor, StopSignal stop, boolean goesOn) {
        BackupStore store =
                stores.getObject().ofVault(request.vault().storeName()).forOneRun();
        signers.ifAvailable(signer -> refuseOwnKey(signer, request));
        Optional<RunRecord> known = runs.find(request.snapshot());
        known.ifPresent(run -> refuseOtherVault(run, request));
        known.ifPresent(run -> refuseOtherSelection(run, request));
        if (known.filter(BackupLauncher::isComplete).isPresent()) {
            return results.alreadyComplete(known.get(), store.location());
        }
        StopSignal ofThisRun = new StopSignal();
        Runnable hearNoMore = stop.onGiven(ofThisRun::give);
        StoppableCalls calls = new StoppableCalls(ofThisRun, stopwatch);
        try {
            int newest = calls.call(() -> recovery.newestExecutionIn(store, request));
            int least = 1 + Math.max(known.map(run -> run.latest().number()).orElse(0), newest);
            try (KeptLease lease = KeptLease.of(
                    () -> VaultLease.take(
                            leases::getObject,
                            calls,
                            request.vault().storeName(),
                            request.snapshot().value(),
                            least),
                    request.vault().storeName(),
                    request.snapshot().value(),
                    ofThisRun,
                    clock)) {
                return withLease(request, monitor, store, lease, calls, ofThisRun, goesOn);
            }
        } catch (StoppedException stopped) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.STOPPED,
                    "Run " + request.snapshot() + " was stopped before this execution of it began. To launch it:"
                            + " keyvault-backup backup --vault " + request.vault() + " --scheduled-for "
                            + request.scheduledFor() + (request.full() ? " --full" : ""));
        } finally {
            hearNoMore.run(); // or a process of many vaults would keep all that their runs had
        }
    }

    private RunResult withLease(
            RunRequest request,
            RunMonitor monitor,
            BackupStore store,
            KeptLease lease,
            StoppableCalls calls,
            StopSignal stop,
            boolean goesOn) {
        Optional<RunRecord> recovered;
        try {
            recovered = calls.call(() -> recovery.recover(request, store));
            if (recovered.filter(BackupLauncher::isComplete).isEmpty()) {
                calls.call(() -> stopInForce(request, goesOn)).ifPresent(note -> refuse(request, note));
            }
        } catch (StoppedException stopped) {
            if (lease.lost().isPresent()) { // which stops the run too
                throw lease.lost().get();
            }
            throw stopped;
        }
        recovered.ifPresent(run -> refuseOtherSelection(run, request));
        HeardStop heard = new HeardStop(stops, SnapshotNames.of(request), stop);
        lease.afterRenewals(heard);
        return recovered
                .filter(BackupLauncher::isComplete)
                .map(run -> results.alreadyComplete(run, store.location()))
                .orElseGet(() -> execution.run(
                        request.orFull(
                                recovered.filter(run -> run.request().full()).isPresent()),
                        monitor,
                        store,
                        lease,
                        stop,
                        () -> storedRuns.promiseOf(request, store),
                        heard::why));
    }

    /** For whoever holds the lease, so that a run that is still at work hears of the stop, before it may go on. */
    private Optional<StopNote> stopInForce(RunRequest request, boolean goesOn) {
        SnapshotNames names = SnapshotNames.of(request);
        if (goesOn) {
            stops.goOn(names);
        }
        return stops.inForce(names);
    }

    private static void refuse(RunRequest request, StopNote note) {
        throw new RunRefusedException(
                RunRefusedException.Cause.STOPPED,
                "Run " + request.snapshot() + " of " + request.vault() + " was " + note.describe()
                        + ". Nothing of it was begun. To go on with it: keyvault-backup retry --vault "
                        + request.vault() + " --run " + request.snapshot());
    }

    private static boolean isComplete(RunRecord run) {
        return run.status() == RunStatus.COMPLETE;
    }

    @Override
    public BackupRuns goingOn() {
        return new GoingOn(this);
    }

    private record GoingOn(BackupLauncher launcher) implements BackupRuns {

        @Override
        public RunResult run(RunRequest request, RunMonitor monitor, StopSignal stop) {
            return launcher.run(request, monitor, stop, true);
        }

        @Override
        public BackupRuns goingOn() {
            return this;
        }

        @Override
        public Optional<RunRequest> latest(VaultAddress vault, Selection selection) {
            return launcher.latest(vault, selection);
        }

        @Override
        public List<RunRequest> startingWith(String id, Collection<VaultAddress> vaults, Selection selection) {
            return launcher.startingWith(id, vaults, selection);
        }

        @Override
        public RunPlan plan(RunRequest request, RunMonitor monitor) {
            return launcher.plan(request, monitor);
        }
    }

    @Override
    public Optional<RunRequest> latest(VaultAddress vault, Selection selection) {
        Optional<RunRequest> known = runs.latestOf(vault).map(RunRecord::request);
        return known.isEmpty()
                ? storedRuns.latestOf(vault, selection)
                : stoppedRuns.latestAfter(known.get(), selection).or(() -> known);
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
        return traces.execution(
                "plan",
                request.vault().storeName(),
                request.snapshot().value(),
                told -> planner.plan(request, monitor));
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

    /** Whoever has taken the vault over could sign what he forges. */
    private static void refuseOwnKey(Signer signer, RunRequest request) {
        if (signer.keyId().startsWith(request.vault() + "/")) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    "keyvault-backup.signature.key-id: " + signer.keyId()
                            + " is a key of the vault that is to be backed up, " + request.vault()
                            + ". Sign with a key in another vault.");
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
