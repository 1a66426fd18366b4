package io.keyvaultbackup.dashboard.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/** How often something has happened in the last minute, for one address and for all. It remembers no more than its limit. Safe for use by many threads. */
final class Attempts {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private record Attempt(Instant at, String address) {}

    private final int ofOne;
    private final int ofAll;
    private final InstantSource clock;
    private final Deque<Attempt> attempts = new ArrayDeque<>();

    /**
     * @param ofOne so many in a minute from one address
     * @param ofAll so many in a minute from anywhere
     */
    Attempts(int ofOne, int ofAll, InstantSource clock) {
        this.ofOne = ofOne;
        this.ofAll = ofAll;
        this.clock = clock;
    }

    /** Counts one more, unless there have been too many: then nothing is counted, and it says how long it is until there is room. */
    synchronized Optional<Duration> another(String address) {
        Instant now = clock.instant();
        while (!attempts.isEmpty() && !attempts.getFirst().at().isAfter(now.minus(WINDOW))) {
            attempts.removeFirst();
        }
        if (attempts.size() >= ofAll) {
            return Optional.of(left(attempts.getFirst(), now));
        }
        Attempt first = null;
        int own = 0;
        for (Attempt attempt : attempts) {
            if (attempt.address().equals(address)) {
                first = first == null ? attempt : first;
                own++;
            }
        }
        if (first != null && own >= ofOne) {
            return Optional.of(left(first, now));
        }
        attempts.addLast(new Attempt(now, address));
        return Optional.empty();
    }

    /** What came to a good end was no attempt that counts. */
    synchronized void takeBack(String address) {
        for (Iterator<Attempt> latest = attempts.descendingIterator(); latest.hasNext(); ) {
            if (latest.next().address().equals(address)) {
                latest.remove();
                return;
            }
        }
    }

    private static Duration left(Attempt attempt, Instant now) {
        return Duration.between(now, attempt.at().plus(WINDOW));
    }
}
