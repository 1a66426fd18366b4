package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import io.keyvaultbackup.snapshot.UnreadableManifestException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "find",
        description = {
            "Says which snapshots hold an object, and its state in each, newest first; no job database and no vault is asked.",
            "Every manifest is read, unless --limit says how many."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup find db-password --vault team-a",
            "  keyvault-backup find 'certificate/*.example*' --limit 7"
        })
final class FindVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Parameters(
            arity = "1..*",
            paramLabel = "GLOB",
            description = "The objects: 'db-*', or 'secret/db-*' with the kind.")
    private List<String> globs = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", description = "Look into the N newest snapshots only.")
    private long limit = Long.MAX_VALUE;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    FindVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        if (limit < 1) {
            problems.add("--limit: " + limit + " is not a number of snapshots, such as 30");
        }
        return StoreReader.read(application, places, common, problems, (catalogue, vaults) -> {
            CatalogueReport report = CatalogueReport.of(terminal, common);
            Complaint complaint = new Complaint(terminal, common.json(), common.debug());
            AtomicLong found = new AtomicLong();
            boolean unreadable = false;
            List<ExitCode> codes = new ArrayList<>();
            List<StoredSnapshot> all =
                    catalogue.snapshots(vaults, (vault, failed) -> codes.add(complaint.about(failed, vault)));
            for (StoredSnapshot snapshot : all.stream().limit(limit).toList()) {
                try {
                    catalogue.read(snapshot.manifest(), head -> {}, object -> {
                        if (globs.stream()
                                .anyMatch(glob ->
                                        Selection.matches(glob, object.object().id()))) {
                            found.incrementAndGet();
                            report.object(snapshot, object);
                        }
                    });
                } catch (UnreadableManifestException damaged) { // the others may hold it
                    complaint.about(damaged);
                    unreadable = true;
                }
            }
            report.end();
            if (unreadable) {
                return ExitCode.FAILED;
            }
            if (!codes.isEmpty()) {
                return codes.getFirst();
            }
            return found.get() > 0 ? ExitCode.DONE : ExitCode.NOT_FOUND;
        });
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE, ExitCode.NOT_FOUND, ExitCode.NOT_AUTHORISED);
    }
}
