package io.keyvaultbackup.restore;

import io.keyvaultbackup.pipeline.KeptLease;
import io.keyvaultbackup.pipeline.StoppableCalls;
import io.keyvaultbackup.pipeline.StoppedException;
import io.keyvaultbackup.pipeline.VaultLease;
import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.vault.VaultAddress;
import java.util.function.BiFunction;

/** Keeps a vault to one restore, drill or backup at a time, by the lease in the store. */
final class HeldTarget {

    private final RestoreParts parts;

    HeldTarget(RestoreParts parts) {
        this.parts = parts;
    }

    /**
     * What is done while the vault is held, with the lease and what stops it: the stop that is given, or the loss of the lease.
     *
     * @param id of the restore
     */
    <T> T hold(VaultAddress vault, String id, StopSignal stop, BiFunction<KeptLease, StopSignal, T> what) {
        StopSignal ofThis = new StopSignal();
        stop.onGiven(ofThis::give);
        try (KeptLease lease =
                KeptLease.of(() -> take(vault, id, ofThis), vault.storeName(), id, ofThis, parts.clock())) {
            return what.apply(lease, ofThis);
        }
    }

    private Lease take(VaultAddress vault, String id, StopSignal stop) {
        try {
            return VaultLease.take(
                    parts.leases()::getObject, new StoppableCalls(stop, parts.stopwatch()), vault.storeName(), id, 1);
        } catch (StoppedException stopped) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.STOPPED, "It was stopped before anything was restored into " + vault);
        }
    }
}
