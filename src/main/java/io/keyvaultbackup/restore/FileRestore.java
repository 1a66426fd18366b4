package io.keyvaultbackup.restore;

import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.PacedRestoreTarget;
import io.keyvaultbackup.pacing.PacedVault;
import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.FileRestores;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.Vaults;
import org.jspecify.annotations.Nullable;

/** Sends one backup to a vault, and says what became of it. */
final class FileRestore implements FileRestores {

    private static final int NOT_TOLD = -1;

    private final Vaults vaults;
    private final Stopwatch stopwatch;

    FileRestore(Vaults vaults, Stopwatch stopwatch) {
        this.vaults = vaults;
        this.stopwatch = stopwatch;
    }

    @Override
    public Restored restore(byte[] content, @Nullable ObjectKind kind, VaultAddress to) {
        BackupFile file = BackupFile.of(content, kind);
        Pacer pacer = new Pacer(new Budget(Budget.SERVICE_LIMIT / 2), stopwatch);
        Patience patience = new Patience(stopwatch);
        Vault vault = new PacedVault(vaults.open(to.uri()), pacer);
        RestoreTarget target = new PacedRestoreTarget(vaults.restoreTarget(to.uri()), pacer);
        ObjectId restored = new RestoreCall(target, vault, patience).restore(file.kind(), file.backup());
        return new Restored(restored, versionsOf(vault, restored, patience));
    }

    /** A look at what is there now; it is restored also where that fails. */
    private static int versionsOf(Vault vault, ObjectId object, Patience patience) {
        try {
            int versions = new TargetVersions(vault, patience).of(object).size();
            return versions == 0 ? NOT_TOLD : versions;
        } catch (FailureException unseen) {
            return NOT_TOLD;
        }
    }
}
