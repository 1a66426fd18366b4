package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.ObjectReader;
import io.keyvaultbackup.dashboard.snapshots.RestoreCommand;
import io.keyvaultbackup.dashboard.snapshots.SnapshotFacts;
import io.keyvaultbackup.dashboard.snapshots.SnapshotReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.run.Selection;
import io.keyvaultbackup.snapshot.ManifestHead;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot's template shows.
 *
 * @param manifest its name in the store; null if nobody knows it
 * @param consistency of when its copies are
 * @param selection which objects it was to have; null if nobody knows
 * @param place subscription and geography, into which alone it can be restored; empty if nobody knows
 * @param restore the command line that restores it
 * @param plan where a plan is asked for; null for who may not
 * @param filter which objects are shown
 * @param wrong why the filter can not be used; null if it can
 * @param objects null where no source tells of them
 * @param next the next page of objects; null if this is the last
 */
public record SnapshotBoard(
        String vault,
        String back,
        SnapshotLine line,
        @Nullable String manifest,
        @Nullable Integer execution,
        @Nullable Moment sealedAt,
        String consistency,
        @Nullable String selection,
        String place,
        String restore,
        @Nullable String plan,
        String diff,
        List<Notice> notices,
        FilterForm filter,
        @Nullable String wrong,
        @Nullable List<ObjectLine> objects,
        @Nullable String next) {

    static SnapshotBoard of(
            FleetView fleet,
            VaultRow vault,
            SnapshotReader.Page found,
            SnapshotFacts snapshot,
            FilterForm filter,
            @Nullable String wrong,
            Reading<ObjectReader.Page> objects,
            boolean mayPlan) {
        ManifestHead head = snapshot.head();
        String here = Links.snapshot(vault.vault(), snapshot.id());
        ObjectReader.Page page = objects.told().orElse(null);
        return new SnapshotBoard(
                vault.name(),
                Links.snapshots(vault.vault()),
                SnapshotLine.of(vault.vault(), snapshot, fleet.at()),
                snapshot.manifest(),
                head == null ? null : head.execution(),
                Moment.orNull(head == null ? null : head.sealedAt()),
                consistency(snapshot),
                head == null ? null : Words.of(head.request().selection()),
                place(head),
                RestoreCommand.of(vault.vault(), snapshot.id(), null, Selection.everything()),
                mayPlan ? Links.plan(vault.vault(), snapshot.id()) : null,
                Links.diff(vault.vault()) + "?to=" + snapshot.id(),
                Stream.concat(
                                SnapshotsBoard.notices(found).stream(),
                                found.store().gap() == null || found.database().gap() == null
                                        ? Notice.missing(objects, "Its objects are not shown.")
                                        : Stream.empty())
                        .toList(),
                filter,
                wrong,
                page == null
                        ? null
                        : page.objects().stream()
                                .map(object -> ObjectLine.of(vault.vault(), object))
                                .toList(),
                page == null || page.next() == null
                        ? null
                        : filter.behind(here, page.next().toString()));
    }

    private static String consistency(SnapshotFacts snapshot) {
        ManifestHead head = snapshot.head();
        if (snapshot.consistentAsOf() != null) {
            return "every copy is as its object was at one moment";
        }
        return head == null || head.movingCount() == 0
                ? "of no moment that is known"
                : "of no one moment: " + Words.count(head.movingCount(), "object was", "objects were")
                        + " still moving";
    }

    private static String place(@Nullable ManifestHead head) {
        return head == null
                ? ""
                : String.join(
                        ", ",
                        Stream.of(head.place().subscription(), head.place().geography())
                                .filter(java.util.Objects::nonNull)
                                .map(String::valueOf)
                                .toList());
    }

    /** Whether objects are chosen. */
    public boolean filtered() {
        return wrong != null || !filter.isEmpty();
    }
}
