package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.Retention;
import io.keyvaultbackup.snapshot.RetentionResult;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.vault.VaultAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "forget",
        description = {
            "Forgets the snapshots that no rule keeps, and removes the copies that nothing refers to any more. A snapshot that any rule keeps is"
                    + " kept; so are pinned ones, the newest complete one, and what the store has locked.",
            "Of which vaults: those of --vault or of the configuration, or else all that the store has. Each rule is a property too"
                    + " (keyvault-backup.retention.keep-daily); an option stands in place of its property, and the others stay. A vault may have"
                    + " rules of its own (keyvault-backup.fleet.vaults[].retention), in place of all of these but the options."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup forget --keep-daily 14 --keep-weekly 8 --keep-monthly 12 --dry-run",
            "  keyvault-backup forget --vault team-a --keep-within 30d --keep-tag audit --zone Europe/Berlin"
        })
final class ForgetVerb implements Verb {

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    @Option(names = "--keep-last", paramLabel = "N", description = "Keep the N newest snapshots.")
    private @Nullable Integer last;

    @Option(
            names = "--keep-hourly",
            paramLabel = "N",
            description = "Keep the newest of each of the last N hours that have one.")
    private @Nullable Integer hourly;

    @Option(
            names = "--keep-daily",
            paramLabel = "N",
            description = "Keep the newest of each of the last N days that have one.")
    private @Nullable Integer daily;

    @Option(
            names = "--keep-weekly",
            paramLabel = "N",
            description = "Keep the newest of each of the last N weeks (from Monday) that have one.")
    private @Nullable Integer weekly;

    @Option(
            names = "--keep-monthly",
            paramLabel = "N",
            description = "Keep the newest of each of the last N months that have one.")
    private @Nullable Integer monthly;

    @Option(
            names = "--keep-yearly",
            paramLabel = "N",
            description = "Keep the newest of each of the last N years that have one.")
    private @Nullable Integer yearly;

    @Option(
            names = "--keep-within",
            paramLabel = "D",
            description = "Keep what is no older than this before the newest snapshot: 30d, 1y6m, 2y5m7d3h.")
    private @Nullable String within;

    @Option(
            names = "--keep-tag",
            paramLabel = "TAG",
            description = "Keep what has this tag. May be given more than once.")
    private List<String> tags = new ArrayList<>();

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Whose days and hours are meant: Europe/Berlin (default: UTC).")
    private @Nullable String zone;

    @Option(
            names = "--dry-run",
            description = "Only say what would be kept and removed: nothing is written, no lease is taken.")
    private boolean dryRun;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, and nothing of what is kept.")
    private boolean quiet;

    @Mixin
    private CommonOptions common = new CommonOptions();

    ForgetVerb(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    @Override
    public Integer call() {
        StopSignal stop = stops.get();
        ConfigurationChecks.Scope scope =
                dryRun ? ConfigurationChecks.Scope.STORE : ConfigurationChecks.Scope.ALL_BUT_VAULTS;
        try (ConfigurableApplicationContext context = application.start(properties(), common, scope, List.of())) {
            Retention retention = context.getBean(Retention.class);
            retention.check(); // an empty one is refused before anything is looked at
            Catalogue catalogue = context.getBean(Catalogue.class);
            List<String> named = ChosenVaults.inStore(context, places).stream()
                    .map(VaultAddress::storeName)
                    .toList();
            List<String> there = named.isEmpty() ? catalogue.vaults() : named;
            if (!there.isEmpty() && there.stream().noneMatch(retention::hasPolicy)) {
                throw retention.noPolicy(there);
            }
            Complaint complaint = new Complaint(terminal, common.json(), common.debug());
            List<ExitCode> codes = new ArrayList<>();
            Set<String> unread = new TreeSet<>();
            Set<String> withSnapshots = catalogue
                    .snapshots(there.stream().filter(retention::hasPolicy).toList(), (vault, failed) -> {
                        unread.add(vault);
                        codes.add(complaint.about(failed, vault));
                    })
                    .stream()
                    .map(StoredSnapshot::vault)
                    .collect(Collectors.toCollection(TreeSet::new));
            List<String> meant = there.stream()
                    .filter(vault -> !unread.contains(vault))
                    .filter(vault -> !named.isEmpty() || withSnapshots.contains(vault) || !retention.hasPolicy(vault))
                    .toList();
            return forget(retention, meant, withSnapshots, stop, complaint, codes)
                    .number();
        }
    }

    private ExitCode forget(
            Retention retention,
            List<String> vaults,
            Set<String> withSnapshots,
            StopSignal stop,
            Complaint complaint,
            List<ExitCode> codes) {
        ForgetReport report = ForgetReport.of(terminal, common, quiet);
        for (String vault : vaults) {
            if (stop.isGiven()) {
                codes.add(ExitCode.INTERRUPTED);
                break;
            }
            if (!retention.hasPolicy(vault)) {
                report.leftAlone(vault);
                codes.add(ExitCode.DONE);
                continue;
            }
            try {
                if (!withSnapshots.contains(vault)) {
                    throw new RunRefusedException(
                            RunRefusedException.Cause.STORE_NOT_FOUND,
                            "There is no snapshot of " + vault + " in the store.");
                }
                codes.add(report.ended(forget(retention, vault, stop)));
            } catch (RuntimeException failed) { // the next vault has its turn all the same
                codes.add(complaint.about(failed, vault));
            }
        }
        if (vaults.isEmpty() && codes.isEmpty()) {
            report.nothingThere();
        }
        return codes.isEmpty() ? ExitCode.DONE : ExitCode.together(codes);
    }

    private RetentionResult forget(Retention retention, String vault, StopSignal stop) {
        RunMonitor monitor = new RunMonitor();
        VaultAddress address = new VaultAddress(URI.create("https://" + vault.replace('_', ':')));
        try (ProgressLine progress = new ProgressLine(terminal, common.json(), address, monitor)) {
            if (!quiet) {
                progress.start();
            }
            return dryRun ? retention.plan(vault, monitor) : retention.forget(vault, monitor, stop);
        }
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        places.addTo(properties);
        add(properties, "keep-last", last);
        add(properties, "keep-hourly", hourly);
        add(properties, "keep-daily", daily);
        add(properties, "keep-weekly", weekly);
        add(properties, "keep-monthly", monthly);
        add(properties, "keep-yearly", yearly);
        add(properties, "keep-within", within);
        add(properties, "zone", zone);
        PlacesOptions.list(properties, "retention.keep-tags", tags);
        return properties;
    }

    private static void add(Map<String, String> properties, String name, @Nullable Object value) {
        if (value != null) {
            properties.put("keyvault-backup.retention." + name, value.toString());
        }
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.complementOf(EnumSet.of(ExitCode.INCOMPLETE_FOR_GOOD));
    }
}
