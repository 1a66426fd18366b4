package io.keyvaultbackup.restore;

import io.keyvaultbackup.ledger.RestoreRow;
import io.keyvaultbackup.pacing.Budget;
import io.keyvaultbackup.pacing.PacedRestoreTarget;
import io.keyvaultbackup.recovery.DrillResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a drill's times come to for the whole snapshot. Example: 10,000 copies at a mean of 0.4 s, 16 at a time, would take 250 s; a budget of 2,000
 * in 10 s allows 14.3 restores a second, so 700 s are projected.
 */
record Timings(long copies, int threads, Budget budget) {

    /** Null if nothing was restored. */
    DrillResult.@Nullable Timing of(List<RestoreRow> restored) {
        if (restored.isEmpty()) {
            return null;
        }
        long sum = 0;
        long longest = 0;
        for (RestoreRow row : restored) {
            long millis = row.millis() == null ? 0 : row.millis();
            sum += millis;
            longest = Math.max(longest, millis);
        }
        double mean = sum / (double) restored.size();
        double byCalls = mean * copies / Math.min(threads, Math.max(1, copies));
        double byBudget = copies * PacedRestoreTarget.CREATION / budget.perSecond() * 1000;
        return new DrillResult.Timing(
                restored.size(),
                Duration.ofMillis(Math.round(mean)),
                Duration.ofMillis(longest),
                copies,
                Duration.ofMillis(Math.round(Math.max(byCalls, byBudget))));
    }
}
