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

    /** @param wait that was asked for; null if none was */
    NotSentException(String why, boolean mayPass, @Nullable Duration wait) {
        super(why);
        this.mayPass = mayPass;
        this.wait = wait;
    }

    boolean mayPass() {
        return mayPass;
    }

    @Nullable
    Duration asked() {
        return wait;
    }
}
