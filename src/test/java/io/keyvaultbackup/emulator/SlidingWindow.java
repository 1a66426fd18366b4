package io.keyvaultbackup.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** The sum of what was added within the last so many seconds. Amounts are thirds of a unit, so that 4000/300 is exact. Not thread-safe. */
final class SlidingWindow {

    private record Entry(Instant at, long amount) {}

    private final Duration length;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long sum;

    SlidingWindow(Duration length) {
        this.length = length;
    }

    long sum(Instant now) {
        Instant limit = now.minus(length);
        for (Entry oldest = entries.peekFirst();
                oldest != null && !oldest.at().isAfter(limit);
                oldest = entries.peekFirst()) {
            sum -= oldest.amount();
            entries.removeFirst();
        }
        return sum;
    }

    void add(Instant now, long amount) {
        entries.addLast(new Entry(now, amount));
        sum += amount;
    }

    static long thirds(double units) {
        return Math.round(units * 3);
    }
}
