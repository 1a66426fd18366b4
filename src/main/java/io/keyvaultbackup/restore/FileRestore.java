package io.keyvaultbackup.restore;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.pacing.Stopwatch;
import io.keyvaultbackup.run.FileRestores;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.ObjectVersion;
import io.keyvaultbackup.vault.Page;
import io.keyvaultbackup.vault.Vault;
import io.keyvaultbackup.vault.VaultAddress;
import io.keyvaultbackup.vault.Vaults;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sends one backup to a vault, and says what became of it. */
@Component
final class FileRestore implements FileRestores {

    private static final int NOT_TOLD = -1;

    private final Vaults vaults;
    private final Patience patience;

    FileRestore(Vaults vaults, Stopwatch stopwatch) {
        this.vaults = vaults;
        this.patience = new Patience(stopwatch);
    }

    @Override
    public Restored restore(byte[] content, @Nullable ObjectKind kind, VaultAddress to) {
        BackupFile file = BackupFile.of(content, kind);
        Vault vault = vaults.open(to.uri());
        RestoreCall call = new RestoreCall(vaults.restoreTarget(to.uri()), vault);
        ObjectId restored = patience.call(() -> call.restore(file.kind(), file.backup()));
        return new Restored(restored, versionsOf(vault, restored));
    }

    /** A look at what is there now; who may not look has restored it all the same. */
    private int versionsOf(Vault vault, ObjectId object) {
        try {
            int count = 0;
            @Nullable String next = null;
            do {
                @Nullable String from = next;
                Page<ObjectVersion> page = patience.call(() -> vault.versions(object, from));
                count += page.items().size();
                next = page.next();
            } while (next != null);
            return count;
        } catch (FailureException unseen) {
            return NOT_TOLD;
        }
    }
}
