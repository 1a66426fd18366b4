package io.keyvaultbackup.backup;

import io.keyvaultbackup.ledger.PlannedObject;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.pipeline.Stage;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunPlan;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.Vaults;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.stereotype.Component;

/** Says what a run would do, from the listings alone; nothing is written anywhere. */
@Component
final class BackupPlanner {

    private final BackupProperties properties;
    private final Vaults vaults;
    private final Stopwatch stopwatch;

    BackupPlanner(BackupProperties properties, Vaults vaults, Stopwatch stopwatch) {
        this.properties = properties;
        this.vaults = vaults;
        this.stopwatch = stopwatch;
    }

    RunPlan plan(RunRequest request, RunMonitor monitor) {
        Pacer pacer = new Pacer(Budget.parse(properties.budget()), stopwatch);
        monitor.watch(pacer::usage);
        monitor.enter(RunMonitor.Phase.INVENTORY);
        Vault vault = new PacedVault(vaults.open(request.vault().uri()), pacer);
        Inventory inventory =
                new Inventory(vault, new Patience(stopwatch), monitor, new ServiceTime(stopwatch), kind -> false);
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        Stage<PlannedObject> stage = inventory.read(request.selection().kinds());
        stage.open(new ExecutionContext());
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
        return new RunPlan(
                request,
                outcomes,
                inventory.listings().stream()
                        .flatMap(listing -> listing.incident().stream())
                        .toList());
    }
}
