package io.keyvaultbackup.dashboard.page;

import io.keyvaultbackup.dashboard.snapshots.Named;
import io.keyvaultbackup.dashboard.snapshots.SnapshotFacts;
import io.keyvaultbackup.dashboard.snapshots.SnapshotReader;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.run.SnapshotId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** The vault that an address names, among those that whoever asks may see. */
record ShownVault(FleetView fleet, VaultRow row) {

    /** @throws ResponseStatusException which is answered as what does not exist */
    static ShownVault of(FleetReader fleet, VisibleVaults visible, String path) {
        FleetView view = fleet.view().of(visible);
        return new ShownVault(view, view.find(path).orElseThrow(ShownVault::nothing));
    }

    /** @throws ResponseStatusException which is answered as what does not exist */
    static SnapshotId snapshot(String text) {
        return Named.snapshot(text).orElseThrow(ShownVault::nothing);
    }

    /** The same of what may be left out. */
    static @Nullable SnapshotId behind(@Nullable String text) {
        return text == null || text.isEmpty() ? null : snapshot(text);
    }

    /**
     * The snapshot that was looked for.
     *
     * @throws SourceMissingException if it is not known, and the store does not tell whether it has it
     */
    static SnapshotFacts found(SnapshotReader.Page page) {
        Reading.Missing<?> gap = page.store().gap();
        return page.first().orElseThrow(() -> gap == null ? nothing() : new SourceMissingException(gap));
    }

    static ResponseStatusException nothing() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
}
