package io.keyvaultbackup.cli;

import io.keyvaultbackup.snapshot.SnapshotLabels;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "snapshots",
        description = {
            "Lists the snapshots in the store, newest first, from their manifests; no job database and no vault is asked.",
            "Of which vaults: those of --vault or of the configuration, or else all that the store has."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  keyvault-backup snapshots --store ./backups",
            "  keyvault-backup snapshots --vault team-a --limit 7 --json",
            "  keyvault-backup snapshots --tag audit           (only those that 'keyvault-backup tag' gave this tag)"
        })
final class SnapshotsVerb implements Verb {

    private final Terminal terminal;
    private final Application application;

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "30",
            description = "How many snapshots are listed (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Only snapshots with this tag. If it is given more than once, with any of them.")
    private List<String> tags = new ArrayList<>();

    @Mixin
    private CommonOptions common = new CommonOptions();

    SnapshotsVerb(Terminal terminal, Application application) {
        this.terminal = terminal;
        this.application = application;
    }

    @Override
    public Integer call() {
        List<String> problems = new ArrayList<>();
        if (limit < 1) {
            problems.add("--limit: " + limit + " is not a number of snapshots, such as 30");
        }
        problems.addAll(TagVerb.problems("--tag", tags));
        return StoreReader.read(
                application, places, common, problems, SnapshotLabels.class, (catalogue, vaults, labels) -> {
                    Complaint complaint = new Complaint(terminal, common.json(), common.debug());
                    List<ExitCode> codes = new ArrayList<>();
                    List<StoredSnapshot> all =
                            catalogue.snapshots(vaults, (vault, failed) -> codes.add(complaint.about(failed, vault)));
                    List<LabelledSnapshot> snapshots = LabelledSnapshot.of(all, labels).stream()
                            .filter(each -> tags.isEmpty()
                                    || !Collections.disjoint(
                                            tags, each.labels().labels().tags()))
                            .limit(limit)
                            .toList();
                    CatalogueReport.of(terminal, common)
                            .snapshots(
                                    snapshots,
                                    catalogue::head,
                                    tags.isEmpty()
                                            ? "No snapshots here. Make one: keyvault-backup backup --help"
                                            : "No snapshot here is tagged " + String.join(" or ", tags) + ".");
                    return codes.isEmpty() ? ExitCode.DONE : codes.getFirst();
                });
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(
                ExitCode.DONE, ExitCode.FAILED, ExitCode.WRONG_USAGE, ExitCode.NOT_FOUND, ExitCode.NOT_AUTHORISED);
    }
}
