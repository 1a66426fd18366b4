package io.keyvaultbackup.cli;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.recovery.DrillRequest;
import io.keyvaultbackup.recovery.Drills;
import io.keyvaultbackup.recovery.RestorePlan;
import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "drill",
        description = {
            "Tries a restore: restores a sample of a snapshot, or all of it, into an empty scratch vault, compares it, removes what it restored and"
                    + " nothing else, and tells how long everything would take. The report is kept beside the snapshot.",
            "The scratch vault is one that is for drills alone: not the source, not one that is backed up. What a drill that was killed left"
                    + " there is removed by the next one."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup drill --from team-a --to team-a-drill --sample 20",
            "  keyvault-backup drill --from team-a --snapshot @2026-11-23 --to team-a-drill --yes --json"
        })
final class DrillVerb implements Verb {

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    @Option(
            names = "--from",
            paramLabel = "VAULT",
            required = true,
            description = "The name or address of the vault that the snapshot is of.")
    private String from = "";

    @Option(
            names = "--snapshot",
            paramLabel = "SNAPSHOT",
            defaultValue = "latest",
            description = "latest, @DATE, or a snapshot's ID or the start of one (default: ${DEFAULT-VALUE}).")
    private String snapshot = "latest";

    @Option(
            names = "--to",
            paramLabel = "VAULT",
            required = true,
            description =
                    "The scratch vault's name or address; of the subscription and geography where the backup was made.")
    private String to = "";

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "So many objects, of each kind, others in each drill (default: all).")
    private @Nullable Integer sample;

    @Option(
            names = "--budget",
            paramLabel = "BUDGET",
            description =
                    "What may be spent at the vault: a share of its limit (50%%, the default) or requests per 10 s; a restore costs 14.")
    private @Nullable String budget;

    @Option(
            names = {"-y", "--yes"},
            description =
                    "Do not ask before anything is restored, nor before what is deleted stays behind because the vault does not purge it.")
    private boolean yes;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, and no summary of what went well.")
    private boolean quiet;

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private CommonOptions common = new CommonOptions();

    DrillVerb(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        SnapshotReference reference = StoreReader.reference(snapshot, problems);
        if (sample != null && sample < 1) {
            problems.add("--sample: " + sample + " is no number of objects; give at least 1, or leave it out for all");
        }
        StopSignal stop = stops.get();
        Approval approval = new Approval(terminal, yes, common.json(), stop);
        approval.check(problems);
        Map<String, String> properties = new LinkedHashMap<>();
        store.addTo(properties);
        if (budget != null) {
            properties.put("keyvault-backup.restore.budget", budget);
        }
        try (ConfigurableApplicationContext context =
                application.start(properties, common, ConfigurationChecks.Scope.ALL_BUT_VAULTS, problems)) {
            String suffix = context.getBean(AzureProperties.class).cloud().vaultSuffix();
            VaultAddress source = RestoreVerb.address("--from", from, suffix);
            VaultAddress scratch = RestoreVerb.address("--to", to, suffix);
            StoredSnapshot meant = context.getBean(Catalogue.class).find(reference, List.of(source.storeName()));
            FleetList fleet = ChosenVaults.toBackUp(context, new PlacesOptions(), null, false, stop);
            ExitCode known = new FleetReport(terminal, common, quiet)
                    .tellToKeepAway(fleet, "the drill", new Complaint(terminal, common.json(), common.debug()));
            if (known != ExitCode.DONE) {
                return known.number();
            }
            DrillRequest request =
                    new DrillRequest(meant, source, scratch, sample == null ? 0 : sample, fleet.vaults());
            RunMonitor monitor = new RunMonitor();
            DrillReporting report = new DrillReporting(terminal, common.json(), quiet);
            try (PausableProgress progress = new PausableProgress(terminal, common.json(), quiet, scratch, monitor)) {
                Drills.Approval asking = new Asking(report, progress, approval, scratch);
                return report.ended(context.getBean(Drills.class).drill(request, asking, monitor, stop), progress)
                        .number();
            }
        }
    }

    private record Asking(DrillReporting report, PausableProgress progress, Approval approval, VaultAddress scratch)
            implements Drills.Approval {

        @Override
        public boolean removeLeftovers(List<ObjectId> objects) {
            progress.pause();
            report.leftovers(objects);
            boolean said = approval.of("Remove these " + objects.size() + " objects from " + scratch + "?");
            progress.resume();
            return said;
        }

        @Override
        public boolean begin(RestorePlan plan) {
            progress.pause();
            report.before(plan);
            boolean said =
                    approval.of("Restore " + plan.toDo() + " objects into " + scratch + ", and remove them again?");
            progress.resume();
            return said;
        }

        @Override
        public boolean leaveBehind(long objects, String recoveryLevel) {
            progress.pause();
            report.staysBehind(objects, recoveryLevel);
            boolean said = approval.of("Go on, and leave " + objects + " deleted objects behind in " + scratch + "?");
            progress.resume();
            return said;
        }
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.allOf(ExitCode.class);
    }
}
