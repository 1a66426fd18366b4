package io.keyvaultbackup.dashboard.api;

import io.keyvaultbackup.dashboard.snapshots.Named;
import io.keyvaultbackup.dashboard.snapshots.SnapshotFacts;
import io.keyvaultbackup.dashboard.snapshots.SnapshotReader;
import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.dashboard.view.VisibleVaults;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds what an address of the API names, among what the caller may see; ends the request with a problem if there is none. */
record NamedVault(FleetReader fleet, VisibleVaults visible, SnapshotReader snapshots) {

    VaultAddress vault(String name) {
        FleetView view = fleet.view().of(visible);
        return view.find(name).map(VaultRow::vault).orElseThrow(() -> {
            Problem.orMissing(view.database());
            return Problem.unknown("There is no vault " + name + ".");
        });
    }

    static SnapshotId id(String text) {
        return Named.snapshot(text).orElseThrow(() -> Problem.unknown("There is no snapshot of that ID."));
    }

    SnapshotFacts snapshot(VaultAddress vault, SnapshotId id) {
        SnapshotReader.Page found = snapshots.find(vault, id);
        return found.first().orElseThrow(() -> {
            Problem.orMissing(found.store());
            return Problem.unknown("There is no snapshot " + id + " of " + vault.storeName() + ".");
        });
    }

    static @Nullable SnapshotId behind(@Nullable String cursor) {
        return cursor == null || cursor.isEmpty()
                ? null
                : Named.snapshot(cursor).orElseThrow(Problem::wrongCursor);
    }

    /** What is wrong with a parameter is told with its name before a colon. */
    static <T> T parsed(Supplier<T> parsing) {
        try {
            return parsing.get();
        } catch (IllegalArgumentException wrong) {
            String[] words = String.valueOf(wrong.getMessage()).split(": ", 2);
            throw words.length == 2 && words[0].matches("[a-z_]+")
                    ? Problem.wrong(words[0], words[1])
                    : Problem.wrong("request", String.valueOf(wrong.getMessage()));
        }
    }
}
