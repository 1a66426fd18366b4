package io.keyvaultbackup.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the bytes of a blob from being removed by anybody, for as long as it is in force.
 *
 * @param until the end of its retention; null if it has none
 * @param legalHold whether it is held until somebody ends that
 */
public record Protection(@Nullable Instant until, boolean legalHold) {

    /** Of a blob that may be removed at once, or of one of which this is not told. */
    public static final Protection NONE = new Protection(null, false);

    /** Whether a removal would be refused at this time. */
    public boolean isInForce(Instant now) {
        return legalHold || (until != null && now.isBefore(until));
    }
}
