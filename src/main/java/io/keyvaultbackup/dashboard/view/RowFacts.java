package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a vault, from which follows how it stands.
 *
 * @param summary what the job database knows; null if nothing
 * @param databaseTold whether that is because it knows nothing, and not because it did not answer
 * @param listed whether the vault is to be backed up
 */
record RowFacts(
        VaultAddress vault,
        @Nullable VaultSummary summary,
        Reading<StoreState> store,
        boolean databaseTold,
        boolean listed,
        Duration objective,
        @Nullable SeenProtection protection) {

    VaultRow row(Instant now) {
        GoodCopy good = good(now);
        return new VaultRow(vault, standing(good), good, objective, summary, protection);
    }

    private @Nullable GoodCopy good(Instant now) {
        if (summary != null && summary.complete() != null) {
            VaultSummary.Complete complete = summary.complete();
            Instant asOf = complete.consistentAsOf() == null ? complete.startedAt() : complete.consistentAsOf();
            return GoodCopy.of(complete.snapshot(), asOf, now);
        }
        @Nullable
        SnapshotId stored =
                store.told().map(told -> told.complete().get(vault.storeName())).orElse(null);
        return stored == null
                ? null
                : stored.scheduledFor()
                        .map(time -> GoodCopy.of(stored, time, now))
                        .orElse(null);
    }

    private Standing standing(@Nullable GoodCopy good) {
        if (!listed) {
            return Standing.NOT_LISTED;
        }
        if (summary != null && summary.verified() != null && summary.verified().damage() > 0) {
            return Standing.DAMAGED;
        }
        if (good == null) {
            return databaseTold || storeLookedInto() ? Standing.NO_COPY : Standing.UNKNOWN;
        }
        if (good.age().compareTo(objective) > 0) {
            return Standing.TOO_OLD;
        }
        return summary != null && summary.failingSince() != null ? Standing.FAILING : Standing.GOOD;
    }

    private boolean storeLookedInto() {
        return store.told()
                .filter(told -> !told.failed().containsKey(vault.storeName()))
                .isPresent();
    }
}
