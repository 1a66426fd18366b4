package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.ObjectResult;
import io.keyvaultbackup.ledger.PendingObject;
import io.keyvaultbackup.ledger.PlannedObject;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.pipeline.StoppableReader;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.run.StopSignal;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;

/** Builds the steps of one execution of one run. Every step takes its work from the ledger and may run again. */
final class BackupSteps {

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final ObjectLedger ledger;
    private final BackupProperties properties;
    private final BackupMeters meters;
    private final ObservationRegistry observations;
    private final RunRequest request;
    private final SnapshotId snapshot;
    private final int execution;
    private final RunMonitor monitor;
    private final StopSignal stop;
    private final StopSignal timeUp;

    BackupSteps(
            JobRepository repository,
            PlatformTransactionManager transactions,
            ObjectLedger ledger,
            BackupProperties properties,
            BackupMeters meters,
            ObservationRegistry observations,
            RunRequest request,
            int execution,
            RunMonitor monitor,
            StopSignal stop,
            StopSignal timeUp) {
        this.repository = repository;
        this.transactions = transactions;
        this.ledger = ledger;
        this.properties = properties;
        this.meters = meters;
        this.observations = observations;
        this.request = request;
        this.snapshot = request.snapshot();
        this.execution = execution;
        this.monitor = monitor;
        this.stop = stop;
        this.timeUp = timeUp;
    }

    Step inventory(Inventory inventory) {
        StoppableReader<PlannedObject> reader = new StoppableReader<>(
                inventory.read(request.selection().kinds()),
                stop,
                timeUp,
                () -> inventory.listings().forEach(listing -> ledger.listed(snapshot, listing)));
        return builder("inventory")
                .<PlannedObject, PlannedObject>chunk(properties.chunk())
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .processor(listed -> Inventory.plan(listed, request.selection()))
                .writer(chunk -> ledger.plan(snapshot, execution, chunk.getItems()))
                .listener(before(() -> monitor.enter(RunMonitor.Phase.INVENTORY)))
                .allowStartIfComplete(true)
                .build();
    }

    Step reuse(Reusing reusing) {
        return builder("reuse")
                .tasklet(reusing, transactions)
                .allowStartIfComplete(true)
                .build();
    }

    /** @param round from 1 */
    Step backup(ObjectBackup objectBackup, int round) {
        Stage<ObjectResult> stage = Stage.<PendingObject, ObjectResult>workAhead(
                "backup",
                properties.threads(),
                new PendingObjects(ledger, snapshot),
                object -> objectBackup.backUp(object, round));
        StoppableReader<ObjectResult> reader = new StoppableReader<>(stage, stop, timeUp, () -> {});
        return builder(named("backup", round))
                .<ObjectResult, ObjectResult>chunk(properties.chunk())
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .processor(result -> {
                    monitor.finished(result.outcome());
                    return result;
                })
                .writer(chunk -> {
                    ledger.record(snapshot, execution, chunk.getItems());
                    meters.recorded(request.vault(), chunk.getItems());
                })
                .listener(before(() -> {
                    monitor.planned(ledger.countPending(snapshot));
                    monitor.enter(RunMonitor.Phase.BACKUP);
                }))
                .allowStartIfComplete(true)
                .build();
    }

    /** Lists again. */
    Step closing(Settling settling, Inventory inventory, int round) {
        StoppableReader<PlannedObject> reader =
                new StoppableReader<>(inventory.read(request.selection().kinds()), stop, timeUp, () -> {});
        return builder(named("closing", round))
                .<PlannedObject, PlannedObject>chunk(properties.chunk())
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .processor(settling::select)
                .writer(chunk -> settling.listed(chunk.getItems()))
                .listener(before(() -> {
                    monitor.enter(RunMonitor.Phase.SETTLE);
                    settling.begin(round);
                }))
                .allowStartIfComplete(true)
                .build();
    }

    /** Compares; its exit status says whether there is more to back up. */
    Step settle(Settling settling, Inventory listing, int round) {
        return builder(named("settle", round))
                .tasklet(
                        (contribution, context) -> {
                            if (stop.isGiven()) {
                                contribution.getStepExecution().setTerminateOnly();
                            } else if (settling.isMoving(round, listing)) {
                                contribution.setExitStatus(new ExitStatus(Settling.MOVING));
                            }
                            return RepeatStatus.FINISHED;
                        },
                        transactions)
                .allowStartIfComplete(true)
                .build();
    }

    Step seal(Seal seal) {
        return builder("seal")
                .tasklet(seal, transactions)
                .allowStartIfComplete(true)
                .build();
    }

    private StepBuilder builder(String name) {
        return new StepBuilder(name, repository).observationRegistry(observations);
    }

    private static String named(String name, int round) {
        return round == 1 ? name : name + "-" + round;
    }

    private static StepExecutionListener before(Runnable what) {
        return new StepExecutionListener() {
            @Override
            public void beforeStep(StepExecution step) {
                what.run();
            }
        };
    }
}
