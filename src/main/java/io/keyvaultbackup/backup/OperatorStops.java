package io.keyvaultbackup.backup;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunStopping;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.RunStops;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StopNote;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Finds the run that an operator wants to be stopped, by the vault's lease and what is in the store, and leaves the note. */
final class OperatorStops implements RunStopping {

    private final ObjectProvider<Leases> leases;
    private final StoredRuns storedRuns;
    private final RunStops stops;

    OperatorStops(ObjectProvider<Leases> leases, StoredRuns storedRuns, RunStops stops) {
        this.leases = leases;
        this.storedRuns = storedRuns;
        this.stops = stops;
    }

    @Override
    public Answer stop(VaultAddress vault, String id, @Nullable String reason) {
        LeaseNote lease = noteOf(vault);
        @Nullable LeaseHolder holder = lease.holder();
        NavigableSet<String> runs = begun(vault, id, lease);
        if (runs.isEmpty() || !id.isEmpty()) {
            runs.addAll(storedRuns.idsStartingWith(id, vault));
        }
        if (runs.isEmpty()) {
            return new Answer(vault, State.NONE, null, null, null);
        }
        if (runs.size() > 1 && !id.isEmpty()) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    runs.size() + " runs of " + vault + " start with " + id + "; the first are "
                            + runs.stream().limit(3).toList() + ". Give more of the ID.");
        }
        boolean held = holder != null && runs.contains(holder.snapshot());
        SnapshotId snapshot = new SnapshotId(held && holder != null ? holder.snapshot() : runs.last());
        SnapshotNames names = new SnapshotNames(vault.storeName(), snapshot.value());
        if (storedRuns.isComplete(names)) {
            return new Answer(vault, State.COMPLETE, snapshot, null, null);
        }
        Optional<StopNote> before = stops.inForce(names);
        StopNote stop = before.isPresent() ? before.get() : stops.stop(names, reason);
        return new Answer(
                vault,
                before.isPresent() ? State.ALREADY_STOPPED : State.STOPPED,
                snapshot,
                held && holder != null ? holder.owner() + ", execution " + holder.execution() : null,
                stop.describe());
    }

    /** Whoever may not look at leases, or finds no place of them, still has the store. */
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

    /** A run has its number before it leaves anything else in the store. */
    private static NavigableSet<String> begun(VaultAddress vault, String id, LeaseNote lease) {
        NavigableSet<String> runs = new TreeSet<>(lease.numbers().latest().keySet());
        if (lease.holder() != null) {
            runs.add(lease.holder().snapshot());
        }
        runs.removeIf(run -> !run.startsWith(id) || !StoredRuns.isOf(vault, new SnapshotId(run)));
        return runs;
    }
}
