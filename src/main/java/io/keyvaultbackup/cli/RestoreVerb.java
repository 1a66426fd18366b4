package io.keyvaultbackup.cli;

import io.keyvaultbackup.azure.AzureProperties;
import io.keyvaultbackup.recovery.RestoreRequest;
import io.keyvaultbackup.run.FileRestores;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "restore",
        description = {
            "Restores a snapshot of a vault, or what is selected of it, into a vault: a plan is made and shown first, then certificates, keys"
                    + " and secrets are restored, and all of it is compared with the snapshot. The same command continues what was interrupted.",
            "With --file, restores one object from a file that this program's export, az, PowerShell or the portal wrote; no store and no job"
                    + " database is needed for that.",
            "Nothing that exists is ever changed: the service has no restore over an object."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup restore --from team-a --to team-b --dry-run",
            "  keyvault-backup restore --from team-a --snapshot @2026-11-23 --to team-b --yes --budget 100%%",
            "  keyvault-backup restore --from team-a --to team-a --include 'secret/app-*' --on-conflict skip",
            "  keyvault-backup restore --file db-password.backup --to team-b",
            "  keyvault-backup restore --file site.backup --kind certificate --to https://team-b.vault.azure.net"
        })
final class RestoreVerb implements Verb {

    private static final String LATEST = "latest";

    private final Terminal terminal;
    private final Application application;
    private final Supplier<StopSignal> stops;

    @Option(
            names = "--from",
            paramLabel = "VAULT",
            description = "The name or address of the vault that the snapshot is of.")
    private @Nullable String from;

    @Option(
            names = "--snapshot",
            paramLabel = "SNAPSHOT",
            description = "latest, @DATE, or a snapshot's ID or the start of one (default: latest).")
    private @Nullable String snapshot;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The backup of one object, as the service made it or as base64url text.")
    private @Nullable Path file;

    @Option(
            names = "--kind",
            split = ",",
            completionCandidates = BackupVerb.Kinds.class,
            paramLabel = "KIND",
            description =
                    "Only this kind: secret, key or certificate. May be given more than once. Of a file, what it is a backup of: of secrets"
                            + " and keys the file tells; if this says otherwise, nothing is sent.")
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
            names = "--to",
            paramLabel = "VAULT",
            required = true,
            description = "The vault's name or address; of the subscription and geography where the backup was made.")
    private String to = "";

    @Option(
            names = "--on-conflict",
            paramLabel = "WHAT",
            completionCandidates = Conflicts.class,
            description =
                    "Where a name is taken by another object, or a deleted one: fail (the default) restores nothing at all, skip restores the"
                            + " rest.")
    private @Nullable String onConflict;

    @Option(
            names = "--recover-deleted",
            description = "Recover a deleted object that has the name, in place of a restore.")
    private boolean recoverDeleted;

    @Option(
            names = "--budget",
            paramLabel = "BUDGET",
            description =
                    "What may be spent at the vault: a share of its limit (50%%, the default) or requests per 10 s; a restore costs 14.")
    private @Nullable String budget;

    @Option(names = "--dry-run", description = "Say what would be done with each object; write nothing.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask before anything is restored.")
    private boolean yes;

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress, and no summary of what went well.")
    private boolean quiet;

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private CommonOptions common = new CommonOptions();

    /** For the shells' completion. */
    static final class Conflicts extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Conflicts() {
            super(List.of("fail", "skip"));
        }
    }

    RestoreVerb(Terminal terminal, Application application, Supplier<StopSignal> stops) {
        this.terminal = terminal;
        this.application = application;
        this.stops = stops;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        if ((file == null) == (from == null)) {
            problems.add(
                    "Give either --from VAULT, to restore out of a snapshot, or --file FILE, to restore one object.");
        }
        Set<ObjectKind> wanted = kinds(problems);
        return (file == null ? ofSnapshot(wanted, problems) : ofFile(file, wanted, problems)).number();
    }

    private ExitCode ofFile(Path given, Set<ObjectKind> wanted, List<String> problems) {
        refuseWithFile(problems);
        if (wanted.size() > 1) {
            problems.add("--kind: a file is the backup of one object, of one kind");
        }
        Map<String, String> properties = Map.of();
        try (ConfigurableApplicationContext context =
                application.start(properties, common, ConfigurationChecks.Scope.AZURE, problems)) {
            VaultAddress target = address(
                    "--to", to, context.getBean(AzureProperties.class).cloud().vaultSuffix());
            FileRestores.Restored restored = context.getBean(FileRestores.class)
                    .restore(
                            BackupFiles.read(given), wanted.stream().findFirst().orElse(null), target);
            report(given, restored, target);
            return ExitCode.DONE;
        }
    }

    private void refuseWithFile(List<String> problems) {
        Map<String, Boolean> others = new LinkedHashMap<>();
        others.put("--snapshot", snapshot != null);
        others.put("--include", !include.isEmpty());
        others.put("--exclude", !exclude.isEmpty());
        others.put("--on-conflict", onConflict != null);
        others.put("--recover-deleted", recoverDeleted);
        others.put("--budget", budget != null);
        others.put("--dry-run", dryRun);
        others.forEach((option, given) -> {
            if (given) {
                problems.add(option + " goes with --from, and not with --file");
            }
        });
    }

    private ExitCode ofSnapshot(Set<ObjectKind> wanted, List<String> problems) {
        SnapshotReference reference = StoreReader.reference(snapshot == null ? LATEST : snapshot, problems);
        RestoreRequest.OnConflict conflict = RestoreRequest.OnConflict.FAIL;
        if (onConflict != null && new Conflicts().contains(onConflict.toLowerCase(Locale.ROOT))) {
            conflict = RestoreRequest.OnConflict.valueOf(onConflict.toUpperCase(Locale.ROOT));
        } else if (onConflict != null) {
            problems.add(
                    "--on-conflict: '" + onConflict + "' is neither fail nor skip. Overwriting is not possible: the"
                            + " service has no restore over an object");
        }
        BackupSelectionProperties.refuseControlCharacters(problems, "include", include);
        BackupSelectionProperties.refuseControlCharacters(problems, "exclude", exclude);
        Map<String, String> properties = new LinkedHashMap<>();
        store.addTo(properties);
        if (budget != null) {
            properties.put("keyvault-backup.restore.budget", budget);
        }
        StopSignal stop = dryRun ? new StopSignal() : stops.get(); // a plan may simply be ended
        return new VaultRestore(terminal, application, common, quiet, new Approval(terminal, yes, common.json(), stop))
                .run(
                        new VaultRestore.Wanted(
                                from == null ? "" : from,
                                reference,
                                to,
                                new Selection(
                                        wanted.isEmpty() ? EnumSet.allOf(ObjectKind.class) : wanted, include, exclude),
                                conflict,
                                recoverDeleted,
                                dryRun),
                        properties,
                        problems,
                        stop);
    }

    private Set<ObjectKind> kinds(List<String> problems) {
        Set<ObjectKind> wanted = EnumSet.noneOf(ObjectKind.class);
        for (String kind : kinds) {
            try {
                wanted.add(ObjectKind.ofWord(kind));
            } catch (IllegalArgumentException wrong) {
                problems.add("--kind: " + wrong.getMessage());
            }
        }
        return wanted;
    }

    /** @throws RunRefusedException if it is none */
    static VaultAddress address(String option, String text, String suffix) {
        try {
            return VaultAddress.parse(text, suffix);
        } catch (IllegalArgumentException wrong) {
            throw new RunRefusedException(RunRefusedException.Cause.WRONG_USAGE, option + ": " + wrong.getMessage());
        }
    }

    private void report(Path given, FileRestores.Restored restored, VaultAddress target) {
        if (common.json()) {
            Map<String, @Nullable Object> summary = new LinkedHashMap<>();
            summary.put("vault", target.toString());
            summary.put("object", restored.object().toString());
            summary.put("versions", restored.versions() < 0 ? null : restored.versions());
            summary.put("file", given.toString());
            summary.put("exit_code", ExitCode.DONE.number());
            new JsonLines(terminal.out()).print("summary", summary);
            return;
        }
        String versions = restored.versions() < 0
                ? "; its versions could not be looked at"
                : ", with " + restored.versions() + (restored.versions() == 1 ? " version" : " versions");
        terminal.out().println(Printable.line("Restored " + restored.object() + " into " + target + versions + "."));
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.allOf(ExitCode.class);
    }
}
