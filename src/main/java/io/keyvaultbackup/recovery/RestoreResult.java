package io.keyvaultbackup.recovery;

import io.keyvaultbackup.pacing.Pacer;
import io.keyvaultbackup.run.Deviation;
import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.RestoreOutcome;
import io.keyvaultbackup.vault.ObjectId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one launch of a restore ended.
 *
 * @param id of the restore: the same for each launch that continues it
 * @param counts what became of how many
 * @param plan what it was to do
 * @param incidents the failures, at most as many as people read
 * @param incidentCount all of them
 * @param deviations of the objects that are not as in the snapshot, at most as many objects as people read
 * @param deviating how many objects are not as in the snapshot
 * @param damagedCopies whether a copy in the store is not as it was written
 * @param relaunchMayHelp whether any of what is not done can go well the next time
 * @param missingPermission whether nothing at all was done, for lack of permission alone
 * @param report the name of the report in the store, if one was written
 */
public record RestoreResult(
        RestoreRequest request,
        String id,
        int execution,
        RestoreStatus status,
        Map<RestoreOutcome, Long> counts,
        @Nullable RestorePlan plan,
        List<Incident> incidents,
        long incidentCount,
        Map<ObjectId, List<Deviation>> deviations,
        long deviating,
        boolean damagedCopies,
        boolean relaunchMayHelp,
        boolean missingPermission,
        @Nullable String report,
        String storeLocation,
        Pacer.Usage usage,
        Duration duration) {

    public long count(RestoreOutcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }
}
