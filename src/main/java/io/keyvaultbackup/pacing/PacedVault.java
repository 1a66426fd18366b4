package io.keyvaultbackup.pacing;

import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultObject;
import org.jspecify.annotations.Nullable;

/** A vault each of whose calls waits for the pacer and is charged; every 429 reaches the pacer. */
public final class PacedVault implements Vault {

    static final int ONE = 1;

    /** The listing does not tell a key's type, so each is priced as an HSM-protected RSA 2,048: twice a software one. */
    private static final int KEY_OF_UNKNOWN_TYPE = 2;

    private final Vault vault;
    private final Pacer pacer;

    public PacedVault(Vault vault, Pacer pacer) {
        this.vault = vault;
        this.pacer = pacer;
    }

    @Override
    public Page<VaultObject> list(ObjectKind kind, @Nullable String next) {
        return pacer.chargedSoon(ONE, () -> vault.list(kind, next));
    }

    @Override
    public Page<ObjectVersion> versions(ObjectId id, @Nullable String next) {
        return pacer.charged(costOf(id.kind()), () -> vault.versions(id, next));
    }

    @Override
    public ProtectedBytes backup(ObjectId id, int timeouts, MemoryBudget memory) {
        return pacer.charged(costOf(id.kind()), () -> vault.backup(id, timeouts, memory));
    }

    static int costOf(ObjectKind kind) {
        return kind == ObjectKind.KEY ? KEY_OF_UNKNOWN_TYPE : ONE;
    }
}
