package io.keyvaultbackup.cli;

import io.keyvaultbackup.pipeline.KeptLease;
import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunStopping;
import io.keyvaultbackup.run.RunStopping.Answer;
import io.keyvaultbackup.run.RunStopping.State;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.run.VaultSource;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "stop",
        description = {
            "Stops the run of each vault, wherever it is under way, and keeps it stopped: a process or pod that starts later begins nothing of"
                    + " it, until somebody says 'retry'.",
            "Which run: the one that holds the vault, and that of the latest time that any of the vaults was begun with, or is at work on: one that has not begun"
                    + " it is kept from it. The stop is kept in the store, beside the run; no job database and no vault is asked. Runs of other"
                    + " scheduled times are not touched."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup stop                                        (the night of each vault, begun or not)",
            "  keyvault-backup stop --vault team-a --reason 'the vault is needed'",
            "  keyvault-backup stop --run 20261124T03                      (that night's run of each vault)",
            "  keyvault-backup retry --vault team-a                        (to go on)"
        })
final class StopVerb implements Verb {

    private static final int LONGEST_REASON = 300;

    private final Terminal terminal;
    private final Application application;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Option(
            names = "--run",
            paramLabel = "ID",
            description =
                    "A run's snapshot id, or the start of it that only one run of the vault has. A whole time, 20261124T030000Z, is stopped also where no vault has begun it.")
    private @Nullable String run;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who wonder.")
    private @Nullable String reason;

    @Mixin
    private CommonOptions common = new CommonOptions();

    StopVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        Map<String, String> properties = new LinkedHashMap<>();
        places.addTo(properties);
        try (ConfigurableApplicationContext context =
                application.start(properties, common, ConfigurationChecks.Scope.STORE, problems())) {
            BackupSelectionProperties selected = context.getBean(BackupSelectionProperties.class);
            List<String> unnamed = new VaultsAreNamed(
                            selected,
                            context.getBeanProvider(VaultSource.class).stream().toList())
                    .problems();
            if (!unnamed.isEmpty()) {
                throw RunRefusedException.wrongConfiguration(unnamed);
            }
            FleetList list = ChosenVaults.toBackUp(context, places, null, false, new StopSignal());
            ExitCode discovery = new FleetReport(terminal, common, true)
                    .tell(list, new Complaint(terminal, common.json(), common.debug()));
            ExitCode code = list.vaults().isEmpty() ? discovery : stop(context, list.vaults());
            return (code == ExitCode.DONE ? discovery : code).number();
        }
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (run != null && run.isBlank()) {
            problems.add("--run: the ID is empty; it looks like 20261124T030000Z-4f2a9c");
        }
        if (reason != null && !Printable.json(reason).equals(reason)) {
            problems.add("--reason: '" + reason + "' holds a control character; give one line of text");
        }
        if (reason != null && reason.length() > LONGEST_REASON) {
            problems.add("--reason: the text has " + reason.length() + " characters, and may have at most "
                    + LONGEST_REASON);
        }
        return problems;
    }

    /** A vault with nothing to stop is told; it counts only where that is so of all. */
    private ExitCode stop(ApplicationContext context, Set<VaultAddress> vaults) {
        RunStopping runs = context.getBean(RunStopping.class);
        StopReport report = new StopReport(
                terminal,
                common,
                KeptLease.renewedEvery(context.getBean(StoreProperties.class).lease()));
        List<ExitCode> codes = new ArrayList<>();
        int without = 0;
        String id = run == null ? "" : run.strip();
        Set<Instant> nights = vaults.size() == 1 && run == null ? Set.of() : runs.nights(vaults, id);
        for (VaultAddress vault : vaults) {
            try {
                List<Answer> answers =
                        runs.stop(vault, id, nights, reason == null || reason.isBlank() ? null : reason.strip());
                without += answers.getFirst().state() == State.NONE ? 1 : 0;
                answers.forEach(report::tell);
                codes.add(ExitCode.DONE);
            } catch (RuntimeException failed) {
                codes.add(new Complaint(terminal, common.json(), common.debug()).about(failed, vault.toString()));
            }
        }
        report.end();
        return without == vaults.size() ? ExitCode.NOT_FOUND : ExitCode.together(codes);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.DONE,
                ExitCode.FAILED,
                ExitCode.WRONG_USAGE,
                ExitCode.INCOMPLETE,
                ExitCode.INCOMPLETE_FOR_GOOD,
                ExitCode.NOT_FOUND,
                ExitCode.NOT_AUTHORISED);
    }
}
