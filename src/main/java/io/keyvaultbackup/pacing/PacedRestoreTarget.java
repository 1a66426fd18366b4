package io.keyvaultbackup.pacing;

import io.keyvaultbackup.vault.DeletedObject;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.RestoreTarget;
import org.jspecify.annotations.Nullable;

/** A vault to restore into, each of whose calls waits for the pacer and is charged; every 429 reaches the pacer. */
public final class PacedRestoreTarget implements RestoreTarget {

    /** The service allows 300 creations in 10 s; whether a restore counts as one is not known, so it is taken for one. */
    public static final int CREATION = Math.ceilDiv(Budget.SERVICE_LIMIT, 300);

    private final RestoreTarget target;
    private final Pacer pacer;

    public PacedRestoreTarget(RestoreTarget target, Pacer pacer) {
        this.target = target;
        this.pacer = pacer;
    }

    @Override
    public ObjectId restore(ObjectKind kind, byte[] backup) {
        return pacer.charged(CREATION, () -> target.restore(kind, backup));
    }

    @Override
    public Page<DeletedObject> deleted(ObjectKind kind, @Nullable String next) {
        return pacer.charged(PacedVault.ONE, () -> target.deleted(kind, next));
    }

    @Override
    public void recover(ObjectId deleted) {
        pacer.charge(PacedVault.costOf(deleted.kind()), () -> target.recover(deleted));
    }
}
