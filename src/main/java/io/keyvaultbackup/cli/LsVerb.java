package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.Selection;
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
        name = "ls",
        description = "Lists the objects of a snapshot, from its manifest; no job database and no vault is asked.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup ls latest --vault team-a",
            "  keyvault-backup ls 20261124T03 'secret/db-*'    (the start of an ID is enough where only one has it)",
            "  keyvault-backup ls @2026-11-24                  (the latest that was scheduled for that day, or before it)"
        })
final class LsVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Parameters(
            index = "0",
            paramLabel = "SNAPSHOT",
            description = "latest, @DATE, or a snapshot's ID or the start of one.")
    private String snapshot = "";

    @Parameters(
            index = "1..*",
            paramLabel = "GLOB",
            description = "Only objects that match: 'db-*', or 'secret/db-*' with the kind.")
    private List<String> globs = new ArrayList<>();

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    LsVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        SnapshotReference reference = StoreReader.reference(snapshot, problems);
        return StoreReader.read(application, places, common, problems, (catalogue, vaults) -> {
            StoredSnapshot found = catalogue.find(reference, vaults);
            CatalogueReport report = CatalogueReport.of(terminal, common);
            catalogue.read(found.manifest(), head -> report.head(found, head), object -> {
                if (globs.isEmpty()
                        || globs.stream()
                                .anyMatch(glob ->
                                        Selection.matches(glob, object.object().id()))) {
                    report.object(found, object);
                }
            });
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
