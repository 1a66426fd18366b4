package io.keyvaultbackup.notification;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A notice on its ways. Safe for use by many threads. */
final class Parcel {

    private final Notice notice;
    private final AtomicInteger open;
    private final AtomicBoolean arrived = new AtomicBoolean();
    private final Consumer<Boolean> ended;

    /**
     * @param ways how many have it
     * @param ended is told once: true when the first way was taken, false when all have failed
     */
    Parcel(Notice notice, int ways, Consumer<Boolean> ended) {
        this.notice = notice;
        this.open = new AtomicInteger(ways);
        this.ended = ended;
    }

    Notice notice() {
        return notice;
    }

    /** One of the ways has come to an end with it. */
    void ended(boolean sent) {
        if (sent && arrived.compareAndSet(false, true)) {
            ended.accept(true);
        }
        if (open.decrementAndGet() == 0 && !arrived.get()) {
            ended.accept(false);
        }
    }
}
