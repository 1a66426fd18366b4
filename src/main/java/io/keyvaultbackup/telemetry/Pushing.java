package io.keyvaultbackup.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes each vault's meters when a job of it has ended, beside whatever goes on, and what is not pushed by then once more at the end, which waits for
 * {@linkplain #LIMIT 5 s} in all, however many vaults there are. Safe for use by many threads.
 */
final class Pushing implements MetricPushes, AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final String FAILURES = "keyvault.pushgateway.failures";
    private static final int AT_ONCE = 4;

    /** So many vaults' meters are kept for the end where the Pushgateway does not take them: with all, a night of 1,000 vaults would take 36 MB, and as many long looks. */
    static final int MOST_KEPT = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Pushing.class);

    private final MeterRegistry registry;
    private final PushgatewayGroups groups;
    private final Map<Group, Future<Boolean>> pushes = new ConcurrentHashMap<>();
    private final Set<Group> lost = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unpushed = new AtomicInteger();
    private final AtomicBoolean warned = new AtomicBoolean();
    private final ExecutorService threads = Executors.newFixedThreadPool(
            AT_ONCE, Thread.ofPlatform().daemon().name("pushgateway-", 0).factory());

    private record Group(String job, String vault) {}

    Pushing(MeterRegistry registry, PushgatewayGroups groups) {
        this.registry = registry;
        this.groups = groups;
    }

    @Override
    public void ended(String job, String vault) {
        Group group = new Group(job, vault);
        if (VaultSeries.belongs(FAILURES, job)) {
            registry.counter(FAILURES, OfVault.VAULT, vault); // so that none is told as 0
        }
        pushes.put(group, threads.submit(() -> push(group)));
    }

    private boolean push(Group group) {
        try {
            groups.push(group.job(), group.vault());
            forget(group);
            return true;
        } catch (IOException | RuntimeException failed) {
            registry.counter(FAILURES, OfVault.VAULT, group.vault()).increment();
            String message = "The metrics of " + group.vault() + " could not be pushed to the Pushgateway "
                    + groups.where() + ": " + InnermostCause.words(failed)
                    + ". The job is as good as it would be without; see keyvault-backup.metrics.pushgateway.";
            if (warned.compareAndSet(false, true)) {
                LOG.warn(message);
            } else {
                LOG.debug(message);
            }
            if (unpushed.incrementAndGet() > MOST_KEPT) {
                lost.add(group);
                forget(group);
            }
            return false;
        }
    }

    /** There may be very many more, and each push looks through all that there are. */
    private void forget(Group group) {
        registry.getMeters().stream()
                .filter(meter -> group.vault().equals(meter.getId().getTag(OfVault.VAULT)))
                .filter(meter -> VaultSeries.belongs(meter.getId().getName(), group.job()))
                .forEach(registry::remove);
    }

    @Override
    public void close() {
        long until = System.nanoTime() + LIMIT.toNanos();
        List<Group> again = new ArrayList<>();
        pushes.forEach((group, push) -> {
            if (!isDone(push, until)) {
                again.add(group);
            }
        });
        again.removeIf(group -> !lost.contains(group) && isDone(threads.submit(() -> push(group)), until));
        threads.shutdownNow();
        if (again.size() > 1) {
            LOG.warn("In all, the metrics of {} vaults were not pushed.", again.size());
        }
    }

    private static boolean isDone(Future<Boolean> push, long until) {
        try {
            return push.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
