package io.keyvaultbackup.cli;

import io.keyvaultbackup.run.StopSignal;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Takes requests and has them done, some side by side; a stop never waits for the backup that it is to stop. */
final class RequestWork {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Set<RequestedAction> STOPS = EnumSet.of(RequestedAction.STOP);
    private static final Set<RequestedAction> ALL_OTHERS = EnumSet.complementOf(EnumSet.of(RequestedAction.STOP));
    private static final int STOPS_AT_ONCE = 2;

    private final RequestClaims claims;
    private final Supplier<Set<VaultAddress>> vaults;
    private final Consumer<Request> work;
    private final StopSignal stop;
    private final Semaphore stopping = new Semaphore(STOPS_AT_ONCE);
    private final Semaphore working;
    private final AtomicInteger atWork = new AtomicInteger();
    private final BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();

    /**
     * @param vaults those that are known now
     * @param work does one; what it throws is its own to tell
     * @param atOnce how many, beside stops
     */
    RequestWork(
            RequestClaims claims,
            Supplier<Set<VaultAddress>> vaults,
            Consumer<Request> work,
            int atOnce,
            StopSignal stop) {
        this.claims = claims;
        this.vaults = vaults;
        this.work = work;
        this.working = new Semaphore(atOnce);
        this.stop = stop;
    }

    /**
     * Does what there is, and what comes, until it is stopped; returns when the last one has ended.
     *
     * @param trouble is told why it could not be looked what there is: once, until that goes well again
     */
    void untilStopped(Consumer<RuntimeException> trouble) {
        look(false, trouble);
    }

    /** Does what there is. */
    void once() {
        look(true, failed -> {
            throw failed;
        });
    }

    private void look(boolean once, Consumer<RuntimeException> trouble) {
        Runnable hearNoMore = stop.onGiven(() -> changes.add(true));
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("request-", 1).factory())) {
            boolean more = true;
            boolean inTrouble = false;
            while (more && !stop.isGiven()) {
                boolean begun = false;
                try {
                    begun = begin(threads, STOPS, stopping);
                    begun |= begin(threads, ALL_OTHERS, working);
                    inTrouble = false;
                } catch (RuntimeException failed) {
                    if (!inTrouble) {
                        trouble.accept(failed);
                    }
                    inTrouble = true;
                }
                more = !once || begun || atWork.get() > 0;
                if (more && !(once && begun)) {
                    awaitAChange();
                }
            }
        } finally {
            hearNoMore.run();
        }
    }

    private boolean begin(ExecutorService threads, Set<RequestedAction> actions, Semaphore room) {
        boolean begun = false;
        while (!stop.isGiven() && room.tryAcquire()) {
            Optional<Request> next = Optional.empty();
            try {
                next = claims.next(actions, vaults.get());
            } finally {
                if (next.isEmpty()) {
                    room.release();
                }
            }
            if (next.isEmpty()) {
                return begun;
            }
            Request request = next.get();
            atWork.incrementAndGet();
            threads.execute(() -> {
                try {
                    work.accept(request);
                } finally {
                    room.release();
                    atWork.decrementAndGet();
                    changes.add(true);
                }
            });
            begun = true;
        }
        return begun;
    }

    private void awaitAChange() {
        try {
            var _ = changes.poll(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
            changes.clear();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while requests were waited for", interrupted);
        }
    }
}
