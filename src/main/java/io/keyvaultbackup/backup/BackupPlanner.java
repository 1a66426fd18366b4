package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.Listing;
import io.keyvaultbackup.ledger.PlannedObject;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.CommonBudgets;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.Reuse;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.telemetry.Traces;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.Vaults;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** Says what a run would do, from the listings alone; nothing is written anywhere. */
final class BackupPlanner {

    private final BackupProperties general;
    private final Fleet fleet;
    private final Vaults vaults;
    private final EarlierCopies earlier;
    private final Traces traces;
    private final Stopwatch stopwatch;
    private final CommonBudgets commonBudgets;

    BackupPlanner(
            BackupProperties general,
            Fleet fleet,
            Vaults vaults,
            EarlierCopies earlier,
            Traces traces,
            Stopwatch stopwatch,
            CommonBudgets commonBudgets) {
        this.general = general;
        this.fleet = fleet;
        this.vaults = vaults;
        this.earlier = earlier;
        this.traces = traces;
        this.stopwatch = stopwatch;
        this.commonBudgets = commonBudgets;
    }

    RunPlan plan(RunRequest request, RunMonitor monitor) {
        BackupProperties properties = general.at(fleet.termsOf(request.vault()));
        Pacer pacer = new Pacer(Budget.parse(properties.budget()), stopwatch, commonBudgets.of(request.vault()));
        monitor.watch(pacer::usage);
        monitor.enter(RunMonitor.Phase.INVENTORY);
        Vault vault = new PacedVault(vaults.open(request.vault().uri()), pacer);
        Inventory inventory = new Inventory(
                vault, new Patience(stopwatch), monitor, traces, new ServiceTime(stopwatch), kind -> false);
        Selection selection = request.selection();
        UnchangedObjects unchanged = new UnchangedObjects();
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        Stage<PlannedObject> stage = inventory.read(selection.kinds());
        stage.open(new ExecutionContext());
        try {
            for (PlannedObject listed = stage.read(); listed != null; listed = stage.read()) {
                Outcome outcome = Inventory.plan(listed, selection).outcome();
                boolean covered = outcome == Outcome.PENDING && listed.object().managed();
                outcomes.merge(covered ? Outcome.COVERED_BY_CERTIFICATE : outcome, 1L, Long::sum);
                if (!request.full()) {
                    unchanged.listed(listed, outcome == Outcome.PENDING);
                }
            }
        } catch (Exception failed) {
            throw new IllegalStateException("the listing failed: " + failed.getMessage(), failed);
        } finally {
            stage.close();
        }
        RefreshTurns turns = new RefreshTurns(
                properties.refreshDays(), RefreshTurns.day(request.scheduledFor()), unchanged::forEach);
        Set<ObjectKind> listed = inventory.listings().stream()
                .filter(listing -> listing.failure() == null)
                .map(Listing::kind)
                .collect(Collectors.toSet());
        Reuse reuse = request.full()
                ? Reuse.NONE
                : earlier.lookThrough(
                        request,
                        properties.place(),
                        turns,
                        listed.containsAll(Set.of(ObjectKind.KEY, ObjectKind.SECRET)),
                        Ahead.NOTHING,
                        unchanged);
        if (unchanged.count() > 0) {
            outcomes.merge(Outcome.PENDING, -unchanged.count(), Long::sum);
            outcomes.put(Outcome.UNCHANGED, unchanged.count());
        }
        outcomes.values().removeIf(count -> count == 0);
        return new RunPlan(request, outcomes, Listing.incidents(inventory.listings()), reuse);
    }
}
