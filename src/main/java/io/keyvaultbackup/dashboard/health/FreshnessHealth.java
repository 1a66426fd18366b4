package io.keyvaultbackup.dashboard.health;

import io.keyvaultbackup.dashboard.view.FleetReader;
import io.keyvaultbackup.dashboard.view.FleetView;
import io.keyvaultbackup.dashboard.view.Reading;
import io.keyvaultbackup.dashboard.view.Standing;
import io.keyvaultbackup.dashboard.view.VaultRow;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether each vault that is to be backed up has a good copy within its objective: UP, else OUT_OF_SERVICE with which have not, the worst first. UNKNOWN where
 * there is no vault, OUT_OF_SERVICE where nothing tells of any. Runs that fail do not count while the last good copy is within the objective.
 */
record FreshnessHealth(FleetReader fleet) implements HealthIndicator {

    private static final int MOST_NAMED = 10;
    private static final Set<Standing> NOT_FRESH =
            EnumSet.of(Standing.DAMAGED, Standing.NO_COPY, Standing.TOO_OLD, Standing.UNKNOWN);

    @Override
    public Health health() {
        Reading<FleetView> view = fleet.view(SourceHealth.LIMIT);
        return view.told()
                .map(FreshnessHealth::of)
                .orElseGet(() -> Health.outOfService()
                        .withDetail("reason", SourceHealth.awaited())
                        .build());
    }

    static Health of(FleetView view) {
        List<VaultRow> listed = view.vaults().stream()
                .filter(row -> row.standing() != Standing.NOT_LISTED)
                .sorted(Comparator.comparing(VaultRow::standing))
                .toList();
        if (listed.isEmpty()) {
            Reading.Missing<?> gap = view.database().gap();
            return gap == null
                    ? Health.unknown()
                            .withDetail("reason", "No vault is known.")
                            .build()
                    : Health.outOfService().withDetail("reason", gap.why()).build();
        }
        List<VaultRow> notFresh = listed.stream()
                .filter(row -> NOT_FRESH.contains(row.standing()))
                .toList();
        Health.Builder health = notFresh.isEmpty() ? Health.up() : Health.outOfService();
        health.withDetail("worst", listed.getFirst().standing().key());
        Map<String, Long> counts = new TreeMap<>();
        listed.forEach(row -> counts.merge(row.standing().key(), 1L, Long::sum));
        health.withDetail("counts", counts);
        listed.stream()
                .filter(row -> row.good() != null)
                .max(Comparator.comparing(FreshnessHealth::age))
                .ifPresent(oldest -> health.withDetail("oldest", told(oldest)));
        if (!notFresh.isEmpty()) {
            health.withDetail(
                    "vaults",
                    notFresh.stream()
                            .limit(MOST_NAMED)
                            .map(FreshnessHealth::told)
                            .toList());
        }
        return health.build();
    }

    private static Duration age(VaultRow row) {
        return row.good() == null ? Duration.ZERO : row.good().age();
    }

    private static Map<String, Object> told(VaultRow row) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("vault", row.path());
        told.put("standing", row.standing().key());
        if (row.good() != null) {
            told.put("age_seconds", age(row).toSeconds());
        }
        told.put("objective_seconds", row.objective().toSeconds());
        return told;
    }
}
