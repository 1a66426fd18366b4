package io.keyvaultbackup.run;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Of which moment a snapshot's copies are.
 *
 * @param consistentAsOf the service's time at which every object that has a copy was in the state of that copy; null if that cannot be
 *     said
 * @param rounds how often the vault was listed again
 * @param requests what those listings cost
 * @param moving what the last of them found in another state, at most {@value #MOST_NAMED} by kind and name; empty if {@code consistentAsOf}
 *     is known, or if no listing was made or ended
 * @param movingCount all of them
 */
public record Settlement(
        @Nullable Instant consistentAsOf, int rounds, long requests, List<Moving> moving, long movingCount) {

    /** A manifest's head must not grow with a vault. */
    public static final int MOST_NAMED = 1_000;

    /** Nothing is known of a common moment. */
    public static final Settlement NONE = new Settlement(null, 0, 0, List.of(), 0);

    public Settlement {
        moving = List.copyOf(moving);
    }

    /** The same where not every copy is there. */
    public Settlement withoutMoment() {
        return new Settlement(null, rounds, requests, moving, movingCount);
    }
}
