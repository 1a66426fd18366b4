package io.keyvaultbackup.notification;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A notice on its ways. Safe for use by many threads. */
final class Parcel {

    private final Notice notice;
    private final AtomicInteger open;
    private final AtomicBoolean arrived = new AtomicBoolean();
    private final Runnable lost;

    /**
     * @param ways how many have it
     * @param lost is run when all have failed
     */
    Parcel(Notice notice, int ways, Runnable lost) {
        this.notice = notice;
        this.open = new AtomicInteger(ways);
        this.lost = lost;
    }

    Notice notice() {
        return notice;
    }

    /** One of the ways has come to an end with it. */
    void ended(boolean sent) {
        if (sent) {
            arrived.set(true);
        }
        if (open.decrementAndGet() == 0 && !arrived.get()) {
            lost.run();
        }
    }
}
