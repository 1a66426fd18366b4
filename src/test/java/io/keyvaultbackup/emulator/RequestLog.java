package io.keyvaultbackup.emulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What a vault was asked and how it answered. A request counts when its answer is about to be sent; one whose connection was reset
 * has status 0. Requests without a valid token count as {@link Operation#CHALLENGE} and nowhere else.
 */
public final class RequestLog {

    private record Answered(Operation operation, @Nullable Kind kind, int status) {}

    private record Subject(Operation operation, Kind kind, String name) {}

    private final InstantSource clock;
    private final Map<Answered, LongAdder> answered = new ConcurrentHashMap<>();
    private final Map<Subject, LongAdder> subjects = new ConcurrentHashMap<>();
    private final AtomicInteger concurrent = new AtomicInteger();
    private final AtomicInteger maximumConcurrent = new AtomicInteger();
    private SlidingWindow window = new SlidingWindow(Duration.ofSeconds(10));
    private long peak;
    private long total;
    private @Nullable Instant first;
    private @Nullable Instant last;

    RequestLog(InstantSource clock) {
        this.clock = clock;
    }

    /** All requests but those without a valid token. */
    public long total() {
        return sum(null, null, null);
    }

    public long count(Operation operation) {
        return sum(operation, null, null);
    }

    public long count(Operation operation, int status) {
        return sum(operation, null, status);
    }

    /** Requests about objects of one kind: {@code secret}, {@code key} or {@code certificate}. */
    public long count(Operation operation, String kind) {
        return sum(operation, Kind.ofWord(kind), null);
    }

    /** Requests about one object. */
    public long count(Operation operation, String kind, String name) {
        LongAdder count = subjects.get(new Subject(operation, Kind.ofWord(kind), name.toLowerCase(Locale.ROOT)));
        return count == null ? 0 : count.sum();
    }

    public long throttled() {
        return sum(null, null, 429);
    }

    /** The most requests that were in progress at the same time. */
    public int maximumConcurrent() {
        return maximumConcurrent.get();
    }

    /** What all granted requests cost together, in units of the limit. */
    public synchronized double cost() {
        return total / 3.0;
    }

    /** The most that granted requests cost together within any 10 seconds. */
    public synchronized double peakCost() {
        return peak / 3.0;
    }

    public synchronized @Nullable Instant firstArrival() {
        return first;
    }

    public synchronized @Nullable Instant lastArrival() {
        return last;
    }

    /** From the first arrival to the last. */
    public synchronized Duration span() {
        return Duration.between(Objects.requireNonNull(firstArrival()), Objects.requireNonNull(lastArrival()));
    }

    /** Forgets everything; what is in progress is counted when it is answered. */
    public synchronized void reset() {
        answered.clear();
        subjects.clear();
        maximumConcurrent.set(concurrent.get());
        window = new SlidingWindow(Duration.ofSeconds(10));
        peak = 0;
        total = 0;
        first = null;
        last = null;
    }

    synchronized void arrived() {
        Instant now = clock.instant();
        if (first == null) {
            first = now;
        }
        last = now;
        maximumConcurrent.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
    }

    synchronized void granted(double cost) {
        long amount = SlidingWindow.thirds(cost);
        Instant now = clock.instant();
        total += amount;
        window.add(now, amount);
        peak = Math.max(peak, window.sum(now));
    }

    void answered(ApiRequest request, int status) {
        concurrent.decrementAndGet();
        Kind kind = request.kind();
        answered.computeIfAbsent(new Answered(request.operation(), kind, status), any -> new LongAdder())
                .increment();
        if (kind != null && !request.name().isEmpty()) {
            subjects.computeIfAbsent(
                            new Subject(request.operation(), kind, ObjectStore.keyOf(request.name())),
                            any -> new LongAdder())
                    .increment();
        }
    }

    void challenged() {
        answered.computeIfAbsent(new Answered(Operation.CHALLENGE, null, 401), any -> new LongAdder())
                .increment();
    }

    private long sum(@Nullable Operation operation, @Nullable Kind kind, @Nullable Integer status) {
        return answered.entrySet().stream()
                .filter(entry -> operation == null
                        ? entry.getKey().operation() != Operation.CHALLENGE
                        : entry.getKey().operation() == operation)
                .filter(entry -> kind == null || entry.getKey().kind() == kind)
                .filter(entry -> status == null || entry.getKey().status() == status)
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }
}
