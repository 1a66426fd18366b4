package io.keyvaultbackup.backup;

import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** The runs of a vault that its lease tells of: a run has its number before it leaves anything else in the store. */
final class LeasedRuns {

    private final ObjectProvider<Leases> leases;

    LeasedRuns(ObjectProvider<Leases> leases) {
        this.leases = leases;
    }

    /**
     * What a lease tells.
     *
     * @param ids of the latest runs, complete or not; the caller's own
     * @param holder who has the lease, or did not give it back
     */
    record Told(NavigableSet<String> ids, @Nullable LeaseHolder holder) {}

    /** Whoever may not look at leases, or finds no place of them, still has the store. */
    Told of(VaultAddress vault) {
        LeaseNote note = noteOf(vault);
        NavigableSet<String> ids = new TreeSet<>(note.numbers().latest().keySet());
        if (note.holder() != null) {
            ids.add(note.holder().snapshot());
        }
        ids.removeIf(run -> !StoredRuns.isOf(vault, new SnapshotId(run)));
        return new Told(ids, note.holder());
    }

    private LeaseNote noteOf(VaultAddress vault) {
        try {
            return leases.getObject().note(vault.storeName());
        } catch (StoreException refused) {
            if (refused.failure().reason().isMissingPermission()
                    || refused.failure().reason().isMissingStore()) {
                return LeaseNote.NEW;
            }
            throw refused;
        }
    }
}
