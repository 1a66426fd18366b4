package io.keyvaultbackup.ledger;

import io.keyvaultbackup.backup.Bench;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.springframework.context.ConfigurableApplicationContext;

/** The dashboard's part of a bench's job database: what is asked for there, and what became of it. */
public final class AskedRequests implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration ASKED_AGAIN = Duration.ofMillis(20);

    private final ConfigurableApplicationContext context;
    private final Requests requests;

    private AskedRequests(ConfigurableApplicationContext context) {
        this.context = context;
        this.requests = context.getBean(Requests.class);
    }

    public static AskedRequests in(Bench bench) {
        return new AskedRequests(LedgerContract.start(Map.of(
                "spring.config.additional-location",
                bench.configuration().toUri().toString())));
    }

    /** Asks for it now. */
    public Request add(Wish wish) {
        return requests.add(wish, "someone@example.com", Instant.now(), null).orElseThrow();
    }

    /** The same, for a Kubernetes Job. */
    public Request addForAJob(Wish wish) {
        return requests.add(wish, "someone@example.com", Instant.now(), id -> "job-" + id)
                .orElseThrow();
    }

    /** As it is now. */
    public Request now(Request request) {
        return requests.find(request.id()).orElseThrow();
    }

    /** As it is once that holds. */
    public Request await(Request request, Predicate<Request> until) {
        long end = System.nanoTime() + LONGEST.toNanos();
        Request now = now(request);
        while (!until.test(now)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it never came to that: " + now);
            }
            LockSupport.parkNanos(ASKED_AGAIN.toNanos());
            now = now(request);
        }
        return now;
    }

    @Override
    public void close() {
        context.close();
    }
}
