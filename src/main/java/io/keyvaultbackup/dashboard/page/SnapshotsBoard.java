package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.SnapshotReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.VaultRow;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the template of a vault's snapshots shows.
 *
 * @param first whether these are the newest
 * @param next the page of older ones; null if these are the last
 */
public record SnapshotsBoard(
        String name,
        String link,
        String here,
        String diff,
        List<Notice> notices,
        List<SnapshotLine> lines,
        boolean sourceMissing,
        boolean first,
        @Nullable String next) {

    static SnapshotsBoard of(FleetView fleet, VaultRow vault, SnapshotReader.Page page, boolean first) {
        String here = Links.snapshots(vault.vault());
        return new SnapshotsBoard(
                vault.name(),
                Links.vault(vault.vault()),
                here,
                Links.diff(vault.vault()),
                notices(page),
                page.snapshots().stream()
                        .map(one -> SnapshotLine.of(vault.vault(), one, fleet.at()))
                        .toList(),
                page.store().gap() != null,
                first,
                page.next() == null ? null : here + "?behind=" + page.next().value());
    }

    /** What the page lacks. */
    static List<Notice> notices(SnapshotReader.Page page) {
        return Stream.concat(
                        Notice.missing(
                                page.store(),
                                "What is shown is what the job database knows; labels, and what was made elsewhere, are not."),
                        Notice.missing(page.database(), "Sizes, verifications and drills are not shown."))
                .toList();
    }
}
