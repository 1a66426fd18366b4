package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Vaults that are this process's alone. */
final class OwnShare implements VaultShare {

    private final Queue<VaultAddress> waiting;
    private final StopSignal stop;

    /** @param vaults in the order in which they are handed out */
    OwnShare(Collection<VaultAddress> vaults, StopSignal stop) {
        this.waiting = new ConcurrentLinkedQueue<>(vaults);
        this.stop = stop;
    }

    @Override
    public Optional<VaultAddress> next() {
        return stop.isGiven() ? Optional.empty() : Optional.ofNullable(waiting.poll());
    }

    @Override
    public void ended(VaultAddress vault, int exitCode) {
        // nobody else asks
    }

    @Override
    public void giveBack(VaultAddress vault) {
        // there is nobody to take it
    }

    @Override
    public boolean putOff(VaultAddress vault) {
        return false;
    }

    @Override
    public void abandon() {
        waiting.clear();
    }

    @Override
    public Map<VaultAddress, Integer> endedElsewhere() {
        return Map.of();
    }

    @Override
    public void close() {
        // nothing is held
    }
}
