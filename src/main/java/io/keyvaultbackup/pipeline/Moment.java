package io.keyvaultbackup.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A moment by both clocks of a machine: the one stands still while the machine is suspended, the other can be put back. */
record Moment(long nanos, Instant instant) {

    static Moment now(InstantSource clock) {
        return new Moment(System.nanoTime(), clock.instant());
    }

    /** Whether by either clock so much time has passed since. */
    boolean isOver(Duration lasting, Moment now) {
        return now.nanos() - nanos >= lasting.toNanos() || !now.instant().isBefore(instant.plus(lasting));
    }
}
