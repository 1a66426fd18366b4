package io.keyvaultbackup.run;

import io.keyvaultbackup.vault.ObjectId;
import io.keyvaultbackup.vault.ObjectKind;
import io.keyvaultbackup.vault.VaultAddress;
import org.jspecify.annotations.Nullable;

/** Restores the backup that a file holds; the verb's way to who does. */
public interface FileRestores {

    /**
     * What came of it.
     *
     * @param versions how many versions the object has now, or -1 if they could not be looked at
     */
    record Restored(ObjectId object, int versions) {}

    /**
     * Restores it. Nothing that exists is ever changed.
     *
     * @param content of the file: a backup as the service made it, or its base64url text
     * @param kind what people say that it is; null to go by the file alone
     * @throws RunRefusedException if it is no backup, or of another kind, or damaged; nothing was sent then
     * @throws io.keyvaultbackup.vault.FailureException if the service did not restore it, or did not say whether it did
     */
    Restored restore(byte[] content, @Nullable ObjectKind kind, VaultAddress to);
}
