package io.keyvaultbackup.pacing;

import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ScratchVault;

/** A vault to remove trials from, each of whose calls waits for the pacer and is charged; every 429 reaches the pacer. */
public final class PacedScratchVault implements ScratchVault {

    private final ScratchVault vault;
    private final Pacer pacer;

    public PacedScratchVault(ScratchVault vault, Pacer pacer) {
        this.vault = vault;
        this.pacer = pacer;
    }

    @Override
    public void delete(ObjectId id) {
        pacer.charge(PacedVault.costOf(id.kind()), () -> vault.delete(id));
    }

    @Override
    public void purge(ObjectId deleted) {
        pacer.charge(PacedVault.costOf(deleted.kind()), () -> vault.purge(deleted));
    }
}
