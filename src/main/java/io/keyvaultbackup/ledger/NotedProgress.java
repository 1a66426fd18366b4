package io.keyvaultbackup.ledger;

import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.SnapshotId;
import java.time.Instant;

/**
 * How far a run was when that was noted last.
 *
 * @param process which one is, or was, at work
 * @param listed objects listed so far; counted anew when they are listed again
 * @param done objects treated so far, the failed ones among them
 * @param total objects that the backup steps so far were given
 * @param spent units of the budget that this execution has spent
 * @param budget units that may be spent in 10 s
 * @param throttles answers 429 so far
 * @param perSecond units a second that are allowed now
 * @param notedAt by that process's clock
 */
public record NotedProgress(
        SnapshotId snapshot,
        int execution,
        String process,
        RunMonitor.Phase phase,
        long listed,
        long done,
        long failed,
        long total,
        long spent,
        long budget,
        long throttles,
        double perSecond,
        Instant notedAt) {

    /** What an execution had done by a moment, since it began. */
    public record Point(int execution, Instant notedAt, long done, long failed, long spent, long throttles) {}
}
