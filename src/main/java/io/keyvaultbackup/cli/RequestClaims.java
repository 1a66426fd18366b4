package io.keyvaultbackup.cli;

import io.keyvaultbackup.ledger.Requests;
import io.keyvaultbackup.pipeline.ThisProcess;
import io.keyvaultbackup.service.Request;
import io.keyvaultbackup.service.RequestedAction;
import io.keyvaultbackup.store.StoreProperties;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;

/** The claims of this process on requests: renewed while it lives, and over soon after it died. Safe for use by many threads. */
final class RequestClaims implements AutoCloseable {

    private static final int RENEWALS_IN_A_LIFETIME = 3;

    private final Requests requests;
    private final InstantSource clock;
    private final Duration lifetime;
    private final String process = ThisProcess.name() + " " + UUID.randomUUID();
    private final Set<String> atWork = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("requests").factory());

    private RequestClaims(Requests requests, InstantSource clock, Duration lifetime) {
        this.requests = requests;
        this.clock = clock;
        this.lifetime = lifetime;
        long pause = lifetime.dividedBy(RENEWALS_IN_A_LIFETIME).toMillis();
        var _ = timer.scheduleWithFixedDelay(this::renew, pause, pause, TimeUnit.MILLISECONDS);
    }

    /** When a claim of a process that died has ended, so has the lease that it had in the store: as with the claims of a shared night. */
    static RequestClaims in(ApplicationContext context) {
        return new RequestClaims(
                context.getBean(Requests.class),
                context.getBean(InstantSource.class),
                context.getBean(StoreProperties.class).lease().multipliedBy(3).dividedBy(2));
    }

    /** One that fails is made again; what is not renewed in time is done once more by another, and comes to the same. */
    private void renew() {
        try {
            requests.renew(process, atWork.stream().sorted().toList(), lifetime);
        } catch (RuntimeException unreachable) {
            return;
        }
    }

    Optional<Request> next(Collection<RequestedAction> actions, Collection<VaultAddress> vaults) {
        Optional<Request> next = requests.claim(process, actions, vaults, lifetime, clock.instant());
        next.map(Request::id).ifPresent(atWork::add);
        return next;
    }

    Optional<Request> take(String id) {
        Optional<Request> taken = requests.take(id, process, lifetime);
        taken.map(Request::id).ifPresent(atWork::add);
        return taken;
    }

    /** As for {@link #done}. */
    void giveBack(Request request) {
        atWork.remove(request.id());
        requests.giveBack(request.id(), process);
    }

    /** What can not be told is not renewed any more either: its claim ends, and it is done once more, by whomever. */
    void done(Request request, ExitCode exitCode, @Nullable String result) {
        atWork.remove(request.id());
        requests.done(request.id(), process, exitCode.number(), result, clock.instant());
    }

    @Override
    public void close() {
        timer.shutdown(); // not interrupted: H2 closes the database of a thread that is
    }
}
