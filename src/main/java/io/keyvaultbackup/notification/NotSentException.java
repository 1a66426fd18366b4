package io.keyvaultbackup.notification;

import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A message was not taken; says why without anything secret, and whether another try may help. */
final class NotSentException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean mayPass;
    private final @Nullable Duration wait;
    private final boolean reachedSome;

    /** @param wait that was asked for; null if none was */
    NotSentException(String why, boolean mayPass, @Nullable Duration wait) {
        this(why, mayPass, wait, false);
    }

    private NotSentException(String why, boolean mayPass, @Nullable Duration wait, boolean reachedSome) {
        super(why);
        this.mayPass = mayPass;
        this.wait = wait;
        this.reachedSome = reachedSome;
    }

    /** Some of those whom it was for have it, and would have it twice if it were sent again. */
    static NotSentException toAll(String why) {
        return new NotSentException(why, false, null, true);
    }

    /** Whether somebody has it all the same. */
    boolean reachedSome() {
        return reachedSome;
    }

    boolean mayPass() {
        return mayPass;
    }

    @Nullable
    Duration asked() {
        return wait;
    }
}
