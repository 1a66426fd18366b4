package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.vault.VaultAddress;
import java.util.function.Predicate;

/** Which vaults whoever asks may see. Answers for the request that the calling thread is at. Safe for use by many threads. */
public interface VisibleVaults {

    /** Whether all of them, whichever there are. */
    boolean all();

    /** Those that may be seen; for any thread. */
    Predicate<VaultAddress> those();
}
