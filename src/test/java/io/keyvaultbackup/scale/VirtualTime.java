package io.keyvaultbackup.scale;

import io.keyvaultbackup.pacing.Stopwatch;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time of which no moment passes but in which something happens. Whoever would sleep in it is thrown out, and told for how long: nothing waits here but the
 * events that are still to come. For one thread.
 */
final class VirtualTime implements Stopwatch {

    private static final Comparator<Event> IN_ORDER =
            Comparator.comparingLong(Event::at).thenComparingLong(Event::number);

    private final PriorityQueue<Event> events = new PriorityQueue<>(IN_ORDER);
    private long now;
    private long numbers;

    private record Event(long at, long number, Runnable what) {}

    /** Thrown at who would sleep: to be tried again after this. */
    static final class Later extends RuntimeException {

        private final long nanos;

        private Later(long nanos) {
            super("later", null, false, false); // thrown a million times, as an answer
            this.nanos = nanos;
        }

        long nanos() {
            return nanos;
        }
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        throw new Later(duration.toNanos());
    }

    /** That is to happen after so much time. */
    void after(long nanos, Runnable what) {
        events.add(new Event(now + nanos, numbers++, what));
    }

    /** Lets everything happen, in its order. */
    void pass() {
        for (Event next = events.poll(); next != null; next = events.poll()) {
            now = next.at();
            next.what().run();
        }
    }

    double seconds() {
        return now / 1e9;
    }
}
