package io.keyvaultbackup.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a run's snapshot from being removed.
 *
 * @param until nobody can remove its manifest and copies before that, as the manifest promises, or as it is by the container's own policy; null if that
 *     is not so
 * @param unprotected why they are not protected as was asked for, by this execution or an earlier one of the run; null if they are
 * @param endingEarly of how many copies of earlier snapshots, which it refers to, the protection ends before that
 */
public record Immutability(
        @Nullable Instant until, @Nullable String unprotected, long endingEarly) {

    /** Of a run that asked for none. */
    public static final Immutability NONE = new Immutability(null, null, 0);
}
