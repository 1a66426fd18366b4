package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.BackupRuns;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunRequest;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.run.VaultShare;
import io.keyvaultbackup.run.VaultShares;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "retry",
        description = {
            "Relaunches the latest run of each vault if it is not complete, or the run of an ID: only what is not done.",
            "The run keeps its scheduled time and its selection; one that was stopped by 'keyvault-backup stop' goes on, or begins. Where the job database knows no run of the vault, the store is asked."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup retry                       (each configured vault)",
            "  keyvault-backup retry --vault team-a",
            "  keyvault-backup retry --run 20261124T03     (the start of an ID is enough where only one run has it)"
        })
final class RetryVerb implements Verb {

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Option(
            names = "--run",
            paramLabel = "ID",
            description = "A run's snapshot id, or the start of it, as 'keyvault-backup runs' shows it.")
    private @Nullable String run;

    @Option(
            names = "--immutable-for",
            paramLabel = "TIME",
            description =
                    "For how long nobody can remove the snapshot, as of 'backup'; the run itself does not keep it. Give it again: 30d.")
    private @Nullable String immutableFor;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, and no summary of what went well; failures are told.")
    private boolean quiet;

    @Mixin
    private CommonOptions common = new CommonOptions();

    RetryVerb(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    @Override
    public Integer call() {
        Map<String, String> properties = new LinkedHashMap<>();
        places.addTo(properties);
        if (immutableFor != null) {
            properties.put("keyvault-backup.store.immutable-for", immutableFor);
        }
        List<String> problems = new ArrayList<>();
        if (run != null && run.isBlank()) {
            problems.add("--run: the ID is empty; it looks like 20261124T030000Z-4f2a9c");
        }
        StopSignal stop = stops.get();
        ConfigurationChecks.Scope scope =
                run == null ? ConfigurationChecks.Scope.EVERYTHING : ConfigurationChecks.Scope.ALL_BUT_VAULTS;
        try (ConfigurableApplicationContext context = application.start(properties, common, scope, problems)) {
            BackupRuns runs = context.getBean(BackupRuns.class).goingOn();
            BackupSelectionProperties selected = context.getBean(BackupSelectionProperties.class);
            Fleet fleet = context.getBean(Fleet.class);
            Function<VaultAddress, Selection> selection =
                    vault -> fleet.termsOf(vault).over(selected.selection());
            FleetList list = run == null
                    ? ChosenVaults.toBackUp(context, places, null, true, stop)
                    : ChosenVaults.named(context, stop);
            ExitCode discovery = new FleetReport(terminal, common, quiet)
                    .tell(list, new Complaint(terminal, common.json(), common.debug()));
            Launches launches = new Launches(terminal, common, quiet, selected.vaultsAtOnce(), discovery);
            VaultShares shares = context.getBean(VaultShares.class);
            if (run == null) {
                return launches.run(
                                runs,
                                list.vaults(),
                                ChosenVaults.withOwnStores(context),
                                shares.own(list.vaults(), stop),
                                vault -> runs.latest(vault, selection.apply(vault))
                                        .orElseThrow(() -> noRunOf(vault)),
                                stop)
                        .number();
            }
            Set<VaultAddress> known = ChosenVaults.named(context, places);
            List<RunRequest> found = places.nameVaults()
                    ? startingWith(run, runs, known, selection)
                    : runs.startingWith(run, Set.of(), selected.selection());
            RunRequest request = RunId.theOnly(
                    run,
                    found.isEmpty() ? startingWith(run, runs, known, selection) : found,
                    RunRequest::snapshot,
                    "There is no run " + run + " in the job database; with --vault, the store is asked too."
                            + " 'keyvault-backup runs' lists those that there are.");
            return launches.run(
                            runs,
                            List.of(request.vault()),
                            ChosenVaults.withOwnStores(context),
                            VaultShare.ofAll(List.of(request.vault()), stop),
                            vault -> request,
                            stop)
                    .number();
        }
    }

    private static List<RunRequest> startingWith(
            String id, BackupRuns runs, Set<VaultAddress> vaults, Function<VaultAddress, Selection> selection) {
        return vaults.stream()
                .flatMap(vault -> runs.startingWith(id, Set.of(vault), selection.apply(vault)).stream())
                .toList();
    }

    private static RunRefusedException noRunOf(VaultAddress vault) {
        return new RunRefusedException(
                RunRefusedException.Cause.STORE_NOT_FOUND,
                "There is no run of " + vault + " to retry, neither in the job database nor in the store. Start one:"
                        + " keyvault-backup backup --vault " + vault);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.complementOf(EnumSet.of(ExitCode.DAMAGED));
    }
}
