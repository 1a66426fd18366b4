package io.keyvaultbackup.dashboard.gauges;

import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Standing;
import io.keyvaultbackup.dashboard.view.VaultRow;
import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.recovery.RestoreStatus;
import io.keyvaultbackup.run.RunStatus;
import io.keyvaultbackup.telemetry.VaultGauges;
import io.keyvaultbackup.telemetry.VaultState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the gauges anew every 15 s, in a thread of its own: a scrape waits for nobody. */
final class FleetGauges implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final int MOST_VERSIONS = 500;
    private static final Set<String> DRILLS_THAT_FAILED = Set.of(
            RestoreStatus.DIFFERENT.name(),
            RestoreStatus.INCOMPLETE.name(),
            RestoreStatus.BLOCKED.name(),
            RestoreStatus.FAILED.name());
    private static final Logger LOG = LoggerFactory.getLogger(FleetGauges.class);

    private final FleetReader fleet;
    private final VaultGauges gauges;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fleet-gauges").factory());

    FleetGauges(FleetReader fleet, VaultGauges gauges) {
        this.fleet = fleet;
        this.gauges = gauges;
    }

    void begin() {
        Future<?> untilClosed = thread.scheduleWithFixedDelay(this::show, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
        LOG.debug("gauges of all vaults every {}: {}", EVERY, untilClosed);
    }

    private void show() {
        try {
            FleetView view = fleet.view();
            gauges.show(states(view), view.at());
        } catch (RuntimeException failed) { // else it would be the last time
            LOG.warn("The gauges of the vaults could not be made: {}", failed.toString());
        }
    }

    /** Of a vault that is backed up no more there is nothing to be alerted of. */
    static List<VaultState> states(FleetView view) {
        return view.vaults().stream()
                .filter(row -> row.standing() != Standing.NOT_LISTED)
                .map(row -> state(row, view))
                .toList();
    }

    private static VaultState state(VaultRow row, FleetView view) {
        VaultSummary.Latest latest = row.latest();
        VaultSummary summary = row.summary();
        VaultSummary.@Nullable Verified verified = summary == null ? null : summary.verified();
        VaultSummary.@Nullable Drilled drilled = summary == null ? null : summary.drilled();
        return new VaultState(
                row.path(),
                row.objective(),
                view.latestRun(),
                latest == null ? null : latest.scheduledFor(),
                ended(row),
                row.good() == null ? null : row.good().asOf(),
                row.mostVersions() == 0 ? null : (MOST_VERSIONS - row.mostVersions()),
                verified == null ? null : verified.damage(),
                drilled == null ? null : DRILLS_THAT_FAILED.contains(drilled.status()));
    }

    private static @Nullable RunStatus ended(VaultRow row) {
        return row.runs().reversed().stream()
                .filter(status -> status != RunStatus.RUNNING)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
