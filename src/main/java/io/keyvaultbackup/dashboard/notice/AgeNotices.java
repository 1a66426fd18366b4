package io.keyvaultbackup.dashboard.notice;

import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Standing;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.DatabaseFailure;
import io.keyvaultbackup.ledger.ToldNotifications;
import io.keyvaultbackup.ledger.ToldNotifications.Known;
import io.keyvaultbackup.notification.Event;
import io.keyvaultbackup.notification.News;
import io.keyvaultbackup.notification.Notifications;
import io.keyvaultbackup.notification.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Looks each minute whose newest good copy is older than its objective, in a thread of its own. A vault without any copy is not among them: the ends of its
 * runs tell, and a vault that was listed today has had none.
 */
final class AgeNotices implements ApplicationListener<ContextClosedEvent>, Ordered, AutoCloseable {

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration ASKED_AGAIN = Duration.ofMinutes(15);
    private static final Logger LOG = LoggerFactory.getLogger(AgeNotices.class);

    private final FleetReader fleet;
    private final Supplier<ToldNotifications> told;
    private final Notifications notifications;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("age-notices").factory());

    /** Of its thread alone. */
    private boolean away;

    /** @param told throws where the job database is away */
    AgeNotices(FleetReader fleet, Supplier<ToldNotifications> told, Notifications notifications) {
        this.fleet = fleet;
        this.told = told;
        this.notifications = notifications;
    }

    /** Does nothing where nobody is to be told. */
    void begin() {
        if (!Notifications.NONE.equals(notifications)) {
            Future<?> untilClosed = thread.scheduleWithFixedDelay(this::look, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
            LOG.debug("a look at the age of all copies every {}: {}", EVERY, untilClosed);
        }
    }

    /** Who was told what is known by the job database alone: while it is away, nothing is told, or it would be told each minute. */
    void look() {
        try {
            FleetView view = fleet.view();
            Map<String, Known> known = told.get().known(Topic.AGE.name());
            for (VaultRow row : view.vaults()) {
                if (row.standing() != Standing.NOT_LISTED && row.good() != null) {
                    boolean tooOld = row.good().age().compareTo(row.objective()) > 0;
                    if (isToBeAsked(known.get(row.path()), tooOld, view.at())) {
                        tell(view, row, tooOld ? Event.TOO_OLD : null);
                    }
                }
            }
            away = false;
        } catch (RuntimeException failed) { // else it would be the last time
            if (!away) {
                LOG.warn(
                        "Nobody is told which copies are too old until this is over: {}",
                        DatabaseFailure.of(failed).map(DatabaseFailure::what).orElseGet(failed::toString));
            }
            away = true;
        }
    }

    /** Whether it is told already, and when again, is decided elsewhere, which writes: so that is not asked each minute. */
    private static boolean isToBeAsked(@Nullable Known known, boolean tooOld, Instant now) {
        if (known == null || !known.inTrouble()) {
            return tooOld;
        }
        return !tooOld || known.toldAt() == null || known.toldAt().isBefore(now.minus(ASKED_AGAIN));
    }

    private void tell(FleetView view, VaultRow row, @Nullable Event trouble) {
        notifications.tell(News.of(
                Topic.AGE,
                row.path(),
                trouble,
                view.at(),
                row.good() == null ? null : row.good().snapshot().value()));
    }

    /** Before those who send, which take nothing more. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        close();
    }

    @Override
    public void close() {
        thread.shutdown(); // not interrupted: the embedded database would close its file
    }
}
