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
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.RestoreTarget;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.Vaults;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sends one backup to a vault, and says what became of it. */
@Component
final class FileRestore implements FileRestores {

    /** More pages of versions than the service has: whoever answers goes on for ever. */
    private static final int MOST_PAGES = 100;

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
            int count = 0;
            @Nullable String next = null;
            for (int pages = 0; pages < MOST_PAGES; pages++) {
                @Nullable String from = next;
                Page<ObjectVersion> page = patience.call(() -> vault.versions(object, from));
                count += page.items().size();
                next = page.next();
                if (next == null) {
                    return count;
                }
            }
            return NOT_TOLD;
        } catch (FailureException unseen) {
            return NOT_TOLD;
        }
    }
}
