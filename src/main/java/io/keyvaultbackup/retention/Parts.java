package io.keyvaultbackup.retention;

import io.keyvaultbackup.pacing.Patience;
import io.keyvaultbackup.signature.SignatureKey;
import io.keyvaultbackup.signature.Signer;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.IntegrityProblem;
import io.keyvaultbackup.snapshot.ManifestExamination;
import io.keyvaultbackup.store.BackupStore;
import io.keyvaultbackup.store.BlobRemoval;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What forgetting at one vault works with.
 *
 * @param now the one moment that everything is decided for
 */
record Parts(
        String vault,
        BackupStore store,
        BlobRemoval removal,
        Removing removing,
        Patience patience,
        SignatureKey key,
        @Nullable Signer signer,
        Instant now) {

    /** Reads manifests whole, and tells damage alone. */
    ManifestExamination examination(Consumer<IntegrityFinding> damage) {
        return new ManifestExamination(store, patience, key, onlyDamage(damage));
    }

    static Consumer<IntegrityFinding> onlyDamage(Consumer<IntegrityFinding> damage) {
        return finding -> {
            if (finding.problem().level() == IntegrityProblem.Level.DAMAGE) {
                damage.accept(finding);
            }
        };
    }
}
