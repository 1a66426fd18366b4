package io.keyvaultbackup.dashboard.notice;

import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Standing;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.ToldNotifications;
import io.keyvaultbackup.notification.Event;
import io.keyvaultbackup.notification.News;
import io.keyvaultbackup.notification.Notifications;
import io.keyvaultbackup.notification.Topic;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks each minute whose newest good copy is older than its objective, in a thread of its own. A vault without any copy is not among them: the ends of its
 * runs tell, and a vault that was listed today has had none.
 */
final class AgeNotices implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(AgeNotices.class);

    private final FleetReader fleet;
    private final Supplier<ToldNotifications> told;
    private final Notifications notifications;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("age-notices").factory());

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
            Set<String> inTrouble = told.get().inTrouble(Topic.AGE.name());
            for (VaultRow row : view.vaults()) {
                boolean tooOld = isTooOld(row);
                if (tooOld || (inTrouble.contains(row.path()) && row.good() != null)) {
                    tell(view, row, tooOld ? Event.TOO_OLD : null);
                }
            }
        } catch (RuntimeException failed) { // else it would be the last time
            LOG.warn("Nobody could be told which copies are too old: {}", failed.toString());
        }
    }

    /** Also of one that is damaged, which is worse, and of which its examination tells. */
    private static boolean isTooOld(VaultRow row) {
        return row.standing() != Standing.NOT_LISTED
                && row.good() != null
                && row.good().age().compareTo(row.objective()) > 0;
    }

    private void tell(FleetView view, VaultRow row, @Nullable Event trouble) {
        notifications.tell(News.of(
                Topic.AGE,
                row.path(),
                trouble,
                view.at(),
                row.good() == null ? null : row.good().snapshot().value()));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
