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
import io.keyvaultbackup.snapshot.JobTimes;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "backup",
        description = {
            "Backs up every secret, key and certificate of each vault into the store, one run for each vault.",
            "A run is a vault at a scheduled time: the same --scheduled-for again continues it, and does only what is not done."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup backup --vault https://team-a.vault.azure.net --store ./backups",
            "  keyvault-backup backup --vault https://team-a.vault.azure.net \\",
            "      --store https://account.blob.core.windows.net/keyvault-backups --budget 25%%",
            "  keyvault-backup backup --kind secret --exclude 'secret/tmp-*' --dry-run",
            "  keyvault-backup backup --scheduled-for 2026-11-24T03:00:00Z    (that night's run, or what is left of it)",
            "  keyvault-backup backup --job \"$JOB_NAME\" --job-uid \"$JOB_UID\" --shared    (one of several pods of a Kubernetes Job)",
            "",
            "What is not given is taken from the environment (KEYVAULTBACKUP_VAULTS) or from",
            "config/application.yaml (keyvault-backup.vaults)."
        })
final class BackupVerb implements Verb {

    /** For the shells' completion. */
    static final class Kinds extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Kinds() {
            super(Stream.of(ObjectKind.values()).map(ObjectKind::word).toList());
        }
    }

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Option(
            names = "--kind",
            split = ",",
            completionCandidates = Kinds.class,
            paramLabel = "KIND",
            description = "Only this kind: secret, key or certificate. May be given more than once.")
    private List<String> kinds = new ArrayList<>();

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description = "Only objects that match: app-*, or secret/app-*. May be given more than once.")
    private List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "No objects that match. May be given more than once.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--budget",
            paramLabel = "BUDGET",
            description =
                    "What may be spent at one vault: a share of its limit (50%%, the default) or requests per 10 s (2000).")
    private @Nullable String budget;

    @Option(
            names = "--immutable-for",
            paramLabel = "TIME",
            description =
                    "For how long nobody can remove the snapshot, where the container has version-level immutability: 30d.")
    private @Nullable String immutableFor;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description = "Only vaults of this schedule group (keyvault-backup.fleet.vaults[].group). Default: all.")
    private @Nullable String group;

    @Option(
            names = "--scheduled-for",
            paramLabel = "TIME",
            description = "The run's scheduled time, such as 2026-11-24T03:00:00Z. Default: now, a new run.")
    private @Nullable String scheduledFor;

    @Option(
            names = "--job",
            paramLabel = "NAME",
            description =
                    "The Kubernetes Job that this runs in. If a CronJob made it, its name ends with the scheduled time, and every"
                            + " pod of it continues the same run. Any other name tells nothing without --job-uid.")
    private @Nullable String job;

    @Option(
            names = "--job-uid",
            paramLabel = "UID",
            description =
                    "The uid of that Job. If its name tells no time, the first pod's is kept in the store, and every pod of this very"
                            + " Job continues the same run.")
    private @Nullable String jobUid;

    @Option(
            names = "--shared",
            description =
                    "Share the vaults with all processes that have the same job database (PostgreSQL) and scheduled time: each vault is"
                            + " one process's, the largest first; what one has that dies is another's. Needs --scheduled-for, or --job"
                            + " and --job-uid.")
    private boolean shared;

    @Option(
            names = "--full",
            description =
                    "Copy every object, also what is as it was in an earlier snapshot. Default: refer to that one's copy.")
    private boolean full;

    @Option(names = "--dry-run", description = "List, and say what would be done; write nothing.")
    private boolean dryRun;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, and no summary of what went well; failures are told.")
    private boolean quiet;

    @Mixin
    private CommonOptions common = new CommonOptions();

    BackupVerb(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        @Nullable Instant given = scheduledFor == null ? null : ScheduledTime.read(scheduledFor, problems);
        @Nullable UUID uid = jobUid == null ? null : ScheduledTime.readUid(jobUid, problems);
        if (jobUid != null && (job == null || job.isBlank())) {
            problems.add("--job-uid is given without --job; give the name of the Job, too");
        }
        StopSignal stop = dryRun ? new StopSignal() : stops.get(); // a listing may simply be ended
        try (ConfigurableApplicationContext context =
                application.start(properties(), common, ConfigurationChecks.Scope.EVERYTHING, problems)) {
            BackupSelectionProperties selected = context.getBean(BackupSelectionProperties.class);
            Fleet fleet = context.getBean(Fleet.class);
            FleetList list = ChosenVaults.toBackUp(context, places, group, !dryRun, stop);
            ExitCode discovery = new FleetReport(terminal, common, quiet)
                    .tell(list, new Complaint(terminal, common.json(), common.debug()));
            Selection selection = selected.selection();
            Optional<Instant> named = Optional.ofNullable(given).or(() -> timeOfJob(context, uid));
            if (shared && !dryRun && named.isEmpty()) {
                throw new RunRefusedException(
                        RunRefusedException.Cause.WRONG_USAGE,
                        "--shared: which run is shared has to be said, by --scheduled-for, or by --job and --job-uid: a run of"
                                + " now is of this process alone.");
            }
            Instant when = named.orElseGet(context.getBean(InstantSource.class)::instant);
            BackupRuns runs = context.getBean(BackupRuns.class);
            Launches launches = new Launches(terminal, common, quiet, selected.vaultsAtOnce(), discovery);
            Function<VaultAddress, RunRequest> request =
                    vault -> new RunRequest(vault, when, fleet.termsOf(vault).over(selection), full);
            VaultShares shares = context.getBean(VaultShares.class);
            if (dryRun) {
                return launches.plan(runs, list.vaults(), shares.own(list.vaults(), stop), request)
                        .number();
            }
            VaultShare share = shared ? shares.shared(when, list.vaults(), stop) : shares.own(list.vaults(), stop);
            return launches.run(runs, list.vaults(), ChosenVaults.withOwnStores(context), share, request, stop)
                    .number();
        }
    }

    /** Nothing where no Job is named; a dry run keeps nothing in the store, and so is not of the Job's run. */
    private Optional<Instant> timeOfJob(ConfigurableApplicationContext context, @Nullable UUID uid) {
        return ScheduledTime.ofJob(job, context.getBean(InstantSource.class).instant())
                .or(() -> job == null || uid == null || dryRun
                        ? Optional.empty()
                        : Optional.of(context.getBean(JobTimes.class).of(job, uid)));
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.complementOf(EnumSet.of(ExitCode.DAMAGED));
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        places.addTo(properties);
        PlacesOptions.list(properties, "kinds", kinds);
        PlacesOptions.list(properties, "include", include);
        PlacesOptions.list(properties, "exclude", exclude);
        if (budget != null) {
            properties.put("keyvault-backup.budget", budget);
        }
        if (immutableFor != null) {
            properties.put("keyvault-backup.store.immutable-for", immutableFor);
        }
        return properties;
    }
}
