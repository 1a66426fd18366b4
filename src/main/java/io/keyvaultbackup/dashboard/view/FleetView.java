package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All vaults, as they stand at a moment, and where that is from.
 *
 * @param vaults by name
 * @param database whether the job database told
 * @param store whether the store told; what it told is in the vaults
 * @param remarks what people should know besides, in sentences
 * @param nextRun null if no schedule is given
 * @param latestRun for when the latest one was to be by the schedule; null if none is given
 */
public record FleetView(
        Instant at,
        List<VaultRow> vaults,
        Reading<List<VaultSummary>> database,
        Reading<StoreState> store,
        List<String> remarks,
        Duration objective,
        @Nullable Instant nextRun,
        @Nullable Instant latestRun) {

    public FleetView {
        vaults = List.copyOf(vaults);
        remarks = List.copyOf(remarks);
    }

    /** The same, for whoever may see these alone. */
    public FleetView of(VisibleVaults visible) {
        return visible.all() ? this : only(visible.those());
    }

    private FleetView only(Predicate<VaultAddress> visible) {
        return new FleetView(
                at,
                vaults.stream().filter(row -> visible.test(row.vault())).toList(),
                database,
                store,
                remarks,
                objective,
                nextRun,
                latestRun);
    }

    /** How many vaults stand how; every standing is there. */
    public Map<Standing, Long> counts() {
        return counts(vaults);
    }

    static Map<Standing, Long> counts(List<VaultRow> rows) {
        Map<Standing, Long> counts = rows.stream()
                .collect(Collectors.groupingBy(
                        VaultRow::standing, () -> new EnumMap<>(Standing.class), Collectors.counting()));
        for (Standing standing : Standing.values()) {
            counts.putIfAbsent(standing, 0L);
        }
        return counts;
    }

    /** Those that are to be backed up. */
    public long listed() {
        return vaults.stream()
                .filter(row -> row.standing() != Standing.NOT_LISTED)
                .count();
    }

    public long inTrouble() {
        return vaults.stream().filter(row -> row.standing().isTrouble()).count();
    }

    public boolean has(VaultAddress vault) {
        return vaults.stream().anyMatch(row -> row.vault().equals(vault));
    }

    /** By the vault's folder, or host. */
    public Optional<VaultRow> find(String path) {
        return vaults.stream().filter(row -> row.path().equalsIgnoreCase(path)).findFirst();
    }
}
