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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
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
    private final SideBySide beside;
    private volatile long calledBefore;
    private volatile boolean listsAgain;

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
            StopSignal timeUp,
            SideBySide beside) {
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
        this.beside = beside;
    }

    /** @param last whether nothing is taken over after it */
    Step inventory(Inventory inventory, boolean last) {
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
                .writer(chunk -> beside.planned(ledger.plan(snapshot, execution, chunk.getItems())))
                .listener(before(this::beginToList))
                .listener(after(wholly -> listed(wholly, last)))
                .allowStartIfComplete(true)
                .build();
    }

    private void beginToList() {
        monitor.enter(RunMonitor.Phase.INVENTORY);
        calledBefore = ledger.countCalled(snapshot);
        beside.list();
    }

    Step reuse(Reusing reusing) {
        return builder("reuse")
                .tasklet(reusing, transactions)
                .listener(after(wholly -> listed(wholly, true)))
                .allowStartIfComplete(true)
                .build();
    }

    private void listed(boolean wholly, boolean last) {
        if (last && wholly) {
            long objects = ledger.countCalledAndPending(snapshot) - calledBefore;
            beside.plannedInAll(objects);
            monitor.plannedInAll(objects);
            monitor.enter(RunMonitor.Phase.BACKUP); // before the others are woken up, who may have a later one soon
        }
        if (last || !wholly) {
            beside.listed(wholly);
        }
        letCopiesEnd(wholly);
    }

    /** Spring Batch ends all steps of a job at once when it sees that one was stopped; what is under way would be lost. */
    private void letCopiesEnd(boolean wholly) {
        if (!wholly && stop.isGiven()) {
            beside.awaitCopied();
        }
    }

    /** @param round from 1; the first may be done beside the listings */
    Step backup(ObjectBackup objectBackup, Settling settling, int round) {
        Stage<ObjectResult> stage = Stage.<PendingObject, ObjectResult>workAhead(
                "backup",
                properties.threads(),
                new PendingObjects(ledger, snapshot, beside),
                object -> objectBackup.backUp(object, round));
        StoppableReader<ObjectResult> reader = new StoppableReader<>(stage, stop, timeUp, () -> {});
        return builder(named("backup", round))
                .<ObjectResult, ObjectResult>chunk(properties.chunk())
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .processor(result -> {
                    monitor.finished(result.outcome());
                    settling.backedUp(result.outcome());
                    return result;
                })
                .writer(chunk -> {
                    ledger.record(snapshot, execution, chunk.getItems());
                    beside.recorded(chunk.getItems());
                    meters.recorded(request.vault(), chunk.getItems());
                })
                .listener(before(() -> beginToCopy(round)))
                .listener(after(this::copied))
                .allowStartIfComplete(true)
                .build();
    }

    private void beginToCopy(int round) {
        beside.copy();
        if (round > 1) {
            monitor.planned(ledger.countPending(snapshot));
            monitor.enter(RunMonitor.Phase.BACKUP);
        }
    }

    private void copied(boolean wholly) {
        beside.copied(wholly);
        if (wholly && listsAgain) {
            monitor.enter(RunMonitor.Phase.SETTLE);
        }
    }

    /** Lists again; beside the backups, if those are not done. */
    Step closing(Settling settling, Inventory inventory, Trailing trailing) {
        return closing(settling, inventory.at(trailing), named("closing", 1), () -> {
            trailing.begin();
            monitor.listAgain();
            listsAgain = true;
            if (!trailing.isBeside()) {
                monitor.enter(RunMonitor.Phase.SETTLE);
            }
            settling.begin(1, trailing.isBeside());
        });
    }

    /** Lists again; in the first round once more. */
    Step closing(Settling settling, Inventory inventory, int round) {
        return closing(settling, inventory, round == 1 ? "closing-again" : named("closing", round), () -> {
            monitor.listAgain();
            monitor.enter(RunMonitor.Phase.SETTLE);
            settling.begin(round, false);
        });
    }

    private Step closing(Settling settling, Inventory inventory, String name, Runnable begin) {
        StoppableReader<PlannedObject> reader =
                new StoppableReader<>(inventory.read(request.selection().kinds()), stop, timeUp, () -> {});
        return builder(name)
                .<PlannedObject, PlannedObject>chunk(properties.chunk())
                .transactionManager(transactions)
                .reader(reader)
                .listener((StepExecutionListener) reader)
                .processor(settling::select)
                .writer(chunk -> settling.listed(chunk.getItems()))
                .listener(before(begin))
                .listener(after(this::letCopiesEnd))
                .allowStartIfComplete(true)
                .build();
    }

    /** Compares, unless there is nothing to compare with; its exit status says whether there is more to back up, or to be listed once more. */
    Step settle(Settling settling, Inventory listing, Trailing trailing) {
        return settle(
                named("settle", 1),
                () -> settling.isToBeRepeated(listing, trailing)
                        ? Settling.AGAIN
                        : settling.isMoving(1, listing) ? Settling.MOVING : null);
    }

    /** Compares; its exit status says whether there is more to back up. */
    Step settle(Settling settling, Inventory listing, int round) {
        return settle(
                round == 1 ? "settle-again" : named("settle", round),
                () -> settling.isMoving(round, listing) ? Settling.MOVING : null);
    }

    private Step settle(String name, Supplier<@Nullable String> comparison) {
        return builder(name)
                .tasklet(
                        (contribution, context) -> {
                            monitor.enter(RunMonitor.Phase.SETTLE);
                            if (stop.isGiven()) {
                                contribution.getStepExecution().setTerminateOnly();
                            } else {
                                String found = comparison.get();
                                if (found != null) {
                                    contribution.setExitStatus(new ExitStatus(found));
                                }
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

    /** @param what told whether the step did all that it was to do */
    private static StepExecutionListener after(Consumer<Boolean> what) {
        return new StepExecutionListener() {
            @Override
            public @Nullable ExitStatus afterStep(StepExecution step) {
                what.accept(step.getStatus() == BatchStatus.COMPLETED);
                return null;
            }
        };
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
