package io.keyvaultbackup.scale;

import io.keyvaultbackup.pacing.Budget;
import java.util.ArrayDeque;
import java.util.Deque;

/** The most calls that a service saw in any 10 s. For one thread, which tells them in their order. */
final class Window {

    private final Deque<Long> calls = new ArrayDeque<>();
    private int peak;

    void count(long now) {
        calls.addLast(now);
        while (now - calls.getFirst() >= Budget.WINDOW.toNanos()) {
            calls.removeFirst();
        }
        peak = Math.max(peak, calls.size());
    }

    int peak() {
        return peak;
    }
}
