package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.snapshot.Catalogue;
import io.keyvaultbackup.snapshot.Labels;
import io.keyvaultbackup.snapshot.SnapshotLabels;
import io.keyvaultbackup.snapshot.SnapshotReference;
import io.keyvaultbackup.snapshot.StoredSnapshot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What the verbs take that change labels, and how they do it: no snapshot is changed before all that are named are found. */
final class LabelOptions {

    static final Set<ExitCode> EXIT_CODES = EnumSet.of(
            ExitCode.DONE,
            ExitCode.FAILED,
            ExitCode.WRONG_USAGE,
            ExitCode.NOT_FOUND,
            ExitCode.HELD,
            ExitCode.NOT_AUTHORISED);

    @Parameters(
            arity = "1..*",
            paramLabel = "SNAPSHOT",
            description = "latest, @DATE, or a snapshot's ID or the start of one. More than one may be given.")
    private List<String> snapshots = new ArrayList<>();

    @Mixin
    private PlacesOptions places = new PlacesOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    /**
     * Labels keep no snapshot that a forget had already begun to remove. A forget reads them once more after it wrote the tombstone: whoever sees none after
     * labelling was heard.
     */
    private static void checkStillThere(Set<StoredSnapshot> labelled, Catalogue catalogue) {
        Set<String> vaults = labelled.stream().map(StoredSnapshot::vault).collect(Collectors.toSet());
        List<String> doomed = labelled.stream()
                .filter(catalogue::isBeingForgotten)
                .map(LabelOptions::name)
                .toList();
        Set<String> there =
                catalogue.snapshots(vaults).stream().map(LabelOptions::name).collect(Collectors.toSet());
        List<String> gone = labelled.stream()
                .map(LabelOptions::name)
                .filter(snapshot -> !there.contains(snapshot))
                .toList();
        if (!gone.isEmpty()) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.STORE_NOT_FOUND,
                    "Forgotten while it was labelled, and not there any more: " + String.join(", ", gone)
                            + ". 'keyvault-backup snapshots' lists those that there are.");
        }
        if (!doomed.isEmpty()) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.HELD,
                    "Its labels are changed, but perhaps too late, as it is being forgotten, or a forget was cut off at it: "
                            + String.join(", ", doomed)
                            + ". Once that forget has ended, or the next one, 'keyvault-backup snapshots' tells whether it is there; then its labels"
                            + " count.");
        }
    }

    private static String name(StoredSnapshot snapshot) {
        return snapshot.id() + " of " + snapshot.vault();
    }

    /**
     * Changes each snapshot's labels.
     *
     * @param problems what is known to be wrong already
     * @param wish made of the labels that a snapshot has
     */
    int change(Terminal terminal, Application application, List<String> problems, UnaryOperator<Labels> wish) {
        List<SnapshotReference> references = snapshots.stream()
                .map(snapshot -> StoreReader.reference(snapshot, problems))
                .toList();
        return StoreReader.read(
                application, places, common, problems, SnapshotLabels.class, (catalogue, vaults, labels) -> {
                    Set<StoredSnapshot> found = new LinkedHashSet<>();
                    references.forEach(reference -> found.add(catalogue.find(reference, vaults)));
                    LabelReport report = new LabelReport(terminal, common);
                    for (StoredSnapshot snapshot : found) {
                        report.changed(snapshot, labels.change(snapshot.vault(), snapshot.id(), wish));
                    }
                    checkStillThere(found, catalogue);
                    report.end();
                    return ExitCode.DONE;
                });
    }
}
