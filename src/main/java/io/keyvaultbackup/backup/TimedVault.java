package io.keyvaultbackup.backup;

import io.keyvaultbackup.vault.MemoryBudget;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.ProtectedBytes;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultObject;
import org.jspecify.annotations.Nullable;

/** A vault whose backup calls are timed; below whoever paces them, so that waiting for a turn is no part of it. */
record TimedVault(Vault vault, CallTimes times) implements Vault {

    @Override
    public Page<VaultObject> list(ObjectKind kind, @Nullable String next) {
        return vault.list(kind, next);
    }

    @Override
    public Page<ObjectVersion> versions(ObjectId id, @Nullable String next) {
        return vault.versions(id, next);
    }

    @Override
    public ProtectedBytes backup(ObjectId id, int timeouts, MemoryBudget memory) {
        return times.ofBackup(() -> vault.backup(id, timeouts, memory));
    }
}
