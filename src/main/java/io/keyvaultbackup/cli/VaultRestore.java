package io.keyvaultbackup.cli;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.recovery.PlannedRestore;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.recovery.Restores;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.List;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/** The form of {@code restore} that restores out of a snapshot. */
final class VaultRestore {

    /** What was asked for, as far as it can be read without a configuration. */
    record Wanted(
            String from,
            SnapshotReference snapshot,
            String to,
            Selection selection,
            RestoreRequest.OnConflict onConflict,
            boolean recoverDeleted,
            boolean dryRun) {}

    private final Terminal terminal;
    private final Application application;
    private final CommonOptions common;
    private final boolean quiet;
    private final Approval approval;

    VaultRestore(Terminal terminal, Application application, CommonOptions common, boolean quiet, Approval approval) {
        this.terminal = terminal;
        this.application = application;
        this.common = common;
        this.quiet = quiet;
        this.approval = approval;
    }

    ExitCode run(Wanted wanted, Map<String, String> properties, List<String> problems, StopSignal stop) {
        if (!wanted.dryRun()) {
            approval.check(problems);
        }
        try (ConfigurableApplicationContext context = application.start(
                properties,
                common,
                wanted.dryRun() ? ConfigurationChecks.Scope.STORE : ConfigurationChecks.Scope.ALL_BUT_VAULTS,
                problems)) {
            String suffix = context.getBean(AzureProperties.class).cloud().vaultSuffix();
            VaultAddress from = RestoreVerb.address("--from", wanted.from(), suffix);
            VaultAddress to = RestoreVerb.address("--to", wanted.to(), suffix);
            RestoreRequest request = new RestoreRequest(
                    context.getBean(Catalogue.class).find(wanted.snapshot(), List.of(from.storeName())),
                    to,
                    wanted.selection(),
                    wanted.onConflict(),
                    wanted.recoverDeleted());
            RestoreReporting report =
                    common.json() ? new RestoreJsonReport(terminal.out()) : new RestoreTextReport(terminal, quiet);
            Restores restores = context.getBean(Restores.class);
            RunMonitor monitor = new RunMonitor();
            try (PausableProgress progress = new PausableProgress(terminal, common.json(), quiet, to, monitor)) {
                return wanted.dryRun()
                        ? report.plan(restores.plan(request, planned -> told(report, planned, progress), monitor))
                        : report.ended(restores.restore(
                                request,
                                plan -> {
                                    progress.pause();
                                    report.before(plan);
                                    boolean yes = approval.of("Restore " + plan.toDo() + " objects into " + to + "?");
                                    progress.resume();
                                    return yes;
                                },
                                monitor,
                                stop));
            }
        }
    }

    private static void told(RestoreReporting report, PlannedRestore planned, PausableProgress progress) {
        progress.pause();
        report.planned(planned);
    }
}
