package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.access.Person;
import io.keyvaultbackup.dashboard.snapshots.PlanForm;
import io.keyvaultbackup.dashboard.snapshots.RestoreCommand;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.ObjectKind;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the form of a restore's plan shows.
 *
 * @param targets vaults at which whoever asks may ask for something
 * @param notice what went wrong; null if nothing did
 * @param possible whether a plan can be asked for here at all
 */
public record PlanFormBoard(
        String vault,
        String snapshot,
        String back,
        String here,
        List<String> targets,
        PlanForm form,
        List<Kind> kinds,
        @Nullable Notice notice,
        boolean possible,
        String restore) {

    /** A kind of object, and whether it is chosen. */
    public record Kind(String key, boolean chosen) {}

    static PlanFormBoard of(
            ShownVault vault,
            SnapshotId snapshot,
            Person person,
            PlanForm form,
            @Nullable Notice notice,
            boolean possible) {
        return new PlanFormBoard(
                vault.row().name(),
                snapshot.value(),
                Links.snapshot(vault.row().vault(), snapshot),
                Links.plan(vault.row().vault(), snapshot),
                vault.fleet().vaults().stream()
                        .filter(row -> person.mayOperate(row.vault()))
                        .map(VaultRow::path)
                        .toList(),
                form,
                Arrays.stream(ObjectKind.values())
                        .map(kind -> new Kind(
                                kind.word(),
                                form.kinds().isEmpty() || form.kinds().contains(kind.word())))
                        .toList(),
                notice,
                possible,
                RestoreCommand.of(vault.row().vault(), snapshot, null, Selection.everything()));
    }
}
