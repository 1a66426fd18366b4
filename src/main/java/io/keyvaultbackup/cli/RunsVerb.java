package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.ObjectLedger;
import io.keyvaultbackup.ledger.RunLedger;
import io.keyvaultbackup.ledger.RunRecord;
import io.keyvaultbackup.ledger.RunSummaries;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "runs",
        description =
                "Lists the runs that the job database knows, newest first; with an ID, that run's executions and the outcome"
                        + " of each object with its reason (of older complete runs the manifest has them). Whether somebody has stopped one is asked of the store, if there is one.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup runs",
            "  keyvault-backup runs 20261124T030000Z-4f2a9c",
            "  keyvault-backup runs 20261124T03 --failed    (the start of an ID is enough where only one run has it)"
        })
final class RunsVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ID",
            description = "A run's snapshot id, or the start of it.")
    private @Nullable String id;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "30",
            description = "How many runs are listed (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--failed", description = "With an ID: only the objects that failed.")
    private boolean failedOnly;

    @Mixin
    private CommonOptions common = new CommonOptions();

    RunsVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context =
                application.start(Map.of(), common, ConfigurationChecks.Scope.DATABASE, List.of())) {
            RunLedger runs = context.getBean(RunLedger.class);
            ObjectLedger objects = context.getBean(ObjectLedger.class);
            StopsSeen stops = new StopsSeen(context);
            RunsReport report = common.json() ? new RunsJsonReport(terminal.out()) : new RunsTextReport(terminal);
            if (id == null) {
                List<RunRecord> latest = runs.latest(limit);
                report.list(latest, run -> objects.counts(run.snapshot()), stops::of);
            } else {
                RunRecord run = RunId.theOnly(
                        id,
                        runs.startingWith(id),
                        RunRecord::snapshot,
                        "There is no run " + id
                                + " in this job database. 'keyvault-backup runs' lists those that there are; those of long ago were let go"
                                + " (keyvault-backup.ledger.keep-runs), and 'keyvault-backup snapshots' lists what they left in the store.");
                boolean letGo = context.getBean(RunSummaries.class)
                        .find(run.snapshot())
                        .filter(summary -> !summary.objectsKept())
                        .isPresent();
                report.show(run, runs.incidents(run.snapshot()), stops.of(run), objects, letGo, failedOnly);
            }
            if (stops.whyNot() != null) {
                terminal.err()
                        .println("keyvault-backup: Whether somebody has stopped a run could not be asked of the store: "
                                + Printable.text(stops.whyNot()));
            }
            return ExitCode.DONE.number();
        }
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE, ExitCode.NOT_FOUND);
    }
}
