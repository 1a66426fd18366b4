package io.keyvaultbackup.examination;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.Collection;

/** Examines whatever a backup needs. */
public interface Doctor {

    /** Tells each finding as soon as it is there; throws for nothing that it looks at. */
    void examine(Collection<VaultAddress> vaults, Listener listener);

    /** Hears the findings. */
    @FunctionalInterface
    interface Listener {

        void found(String subject, Finding finding);
    }
}
