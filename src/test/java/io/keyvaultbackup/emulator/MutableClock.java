package io.keyvaultbackup.emulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is told to go on. */
public final class MutableClock implements InstantSource {

    private final AtomicReference<Instant> now;

    public MutableClock() {
        this(Instant.parse("2026-11-24T03:00:00Z"));
    }

    public MutableClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    public void advance(Duration duration) {
        now.updateAndGet(instant -> instant.plus(duration));
    }
}
