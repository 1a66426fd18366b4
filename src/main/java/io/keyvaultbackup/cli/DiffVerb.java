package io.keyvaultbackup.cli;

import io.keyvaultbackup.snapshot.Differences;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description = {
            "Says which objects were added, removed or changed from one snapshot to another, and what of their state changed.",
            "Both are read from the store; no job database and no vault is asked. No value is ever compared or shown."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup diff @2026-11-23 latest --vault team-a",
            "  keyvault-backup diff 20261123T03 20261124T03 --json"
        })
final class DiffVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Parameters(
            index = "0",
            paramLabel = "A",
            description = "The earlier snapshot: latest, @DATE, or the start of an ID.")
    private String first = "";

    @Parameters(index = "1", paramLabel = "B", description = "The later one.")
    private String second = "";

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    DiffVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        SnapshotReference before = StoreReader.reference(first, problems);
        SnapshotReference after = StoreReader.reference(second, problems);
        return StoreReader.read(application, places, common, problems, (catalogue, vaults) -> {
            StoredSnapshot one = catalogue.find(before, vaults);
            StoredSnapshot other = catalogue.find(after, vaults);
            CatalogueReport report = CatalogueReport.of(terminal, common);
            Differences differences = new Differences();
            report.comparing(one, other);
            catalogue.read(one.manifest(), head -> {}, differences::before);
            catalogue.read(other.manifest(), head -> {}, object -> differences.after(object, report::difference));
            differences.end(report::difference);
            report.end();
            return ExitCode.DONE;
        });
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE, ExitCode.NOT_FOUND, ExitCode.NOT_AUTHORISED);
    }
}
