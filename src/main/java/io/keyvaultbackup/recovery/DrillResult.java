package io.keyvaultbackup.recovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a drill ended.
 *
 * @param outcome the restore, its proof, and what was removed
 * @param timing how long it took; null if nothing was restored
 * @param recoveryLevel how the scratch vault treats what is deleted, in the service's word; null if it did not tell
 */
public record DrillResult(
        RestoreResult outcome,
        @Nullable Timing timing,
        @Nullable String recoveryLevel) {

    /**
     * How long restores took, and what that comes to for the whole snapshot.
     *
     * @param objects that were restored
     * @param mean time of one
     * @param longest time of one
     * @param copies that the snapshot has, each a restore
     * @param projected time to restore them all: as many at a time, and no faster than the budget allows
     */
    public record Timing(long objects, Duration mean, Duration longest, long copies, Duration projected) {}
}
