package io.keyvaultbackup.dashboard.snapshots;

import io.keyvaultbackup.ledger.LedgerObject;
import io.keyvaultbackup.snapshot.StoredManifest;
import java.util.function.Predicate;

/** How much of manifests one request may have read: what is kept costs nothing, and the first is read whatever its size. For one thread. */
final class ReadingAllowance {

    /** The store gives it within a few seconds. */
    private static final long BYTES = 48L * 1024 * 1024;

    private final StoredCatalogue catalogue;
    private long left = BYTES;
    private boolean any;

    ReadingAllowance(StoredCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** @return false if it was too much, and nothing was read */
    boolean read(StoredManifest manifest, Predicate<LedgerObject> visitor) {
        if (!catalogue.isKept(manifest)) {
            if (any && manifest.size() > left) {
                return false;
            }
            left -= manifest.size();
            any = true;
        }
        catalogue.read(manifest, visitor);
        return true;
    }
}
