package io.keyvaultbackup.snapshot;

import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.FailureReason;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which stores fail for good, as far as their vaults have shown while one after another was read: one that is not there, or may not be read, at once; one that fails otherwise,
 * which may have been about one vault or one moment, when several vaults in a row have met that. For one thread.
 */
final class FailingStores {

    private static final int ENOUGH = 3;

    private final Map<BackupStore, Integer> inARow = new HashMap<>();
    private final Map<BackupStore, StoreException> latest = new HashMap<>();

    void answered(BackupStore store) {
        inARow.remove(store);
    }

    void failed(BackupStore store, StoreException failure) {
        FailureReason reason = failure.failure().reason();
        boolean lasting = reason.isMissingStore() || reason.isMissingPermission();
        inARow.merge(store, lasting ? ENOUGH : 1, Integer::sum);
        latest.put(store, failure);
    }

    /** What its other vaults would meet; null if that is not known. */
    @Nullable
    StoreException lasting(BackupStore store) {
        return inARow.getOrDefault(store, 0) < ENOUGH ? null : latest.get(store);
    }
}
