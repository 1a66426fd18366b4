package io.keyvaultbackup.pipeline;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.store.Lease;
import io.keyvaultbackup.store.LeaseHeldException;
import io.keyvaultbackup.store.Leases;
import java.util.function.Supplier;

/** Takes a vault's lease in the name of this process. */
public final class VaultLease {

    private VaultLease() {}

    /**
     * The lease, which the caller gives back. One that comes after the patience of a stop is over is given back at once.
     *
     * @param vault its part of the store's names
     * @param snapshot the run's id, or what else the vault is held for
     * @param leastExecution as {@link Leases#acquire} has it
     * @throws RunRefusedException if somebody else has it
     * @throws StoppedException if a stop was given before it came
     */
    public static Lease take(
            Supplier<Leases> leases, StoppableCalls calls, String vault, String snapshot, int leastExecution) {
        try {
            return calls.call(
                    () -> leases.get().acquire(vault, snapshot, ThisProcess.name(), leastExecution), Lease::close);
        } catch (LeaseHeldException held) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.HELD,
                    held.getMessage()
                            + ". Wait until it has ended, or stop it; the lease of a process that died ends by itself.");
        }
    }
}
