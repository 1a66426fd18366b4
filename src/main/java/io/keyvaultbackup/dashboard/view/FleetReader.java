package io.keyvaultbackup.dashboard.view;

import io.keyvaultbackup.ledger.VaultSummaries;
import io.keyvaultbackup.ledger.VaultSummary;
import io.keyvaultbackup.run.Discovery;
import io.keyvaultbackup.run.Fleet;
import io.keyvaultbackup.run.FleetList;
import io.keyvaultbackup.run.NamedVaults;
import io.keyvaultbackup.store.SeenProtection;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Assembles the fleet: from the job database one scan of a row for each vault, kept for two seconds; from the store, in the background, what the database
 * does not tell. Safe for use by many threads.
 */
public final class FleetReader {

    private static final Duration ROWS_KEPT = Duration.ofSeconds(2);
    private static final Duration VIEW_KEPT = Duration.ofSeconds(1);
    private static final Duration LIST_KEPT = Duration.ofMinutes(1);
    private static final Duration STORE_KEPT = Duration.ofMinutes(2);
    private static final Duration SCHEDULE_KEPT = Duration.ofMinutes(5);
    private static final Duration PROTECTION_KEPT = Duration.ofMinutes(10);

    /** So long the store waits to be asked for what the others tell: it is not to be blamed for them. */
    private static final Duration BRIEFLY = Duration.ofSeconds(1);

    /** So long a page waits for the store where nothing else tells. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Fleet fleet;
    private final NamedVaults named;
    private final ObjectiveProperties objectives;
    private final InstantSource clock;
    private final Kept<List<VaultSummary>> summaries;
    private final Kept<FleetList> list;
    private final Kept<StoreState> store;
    private final Kept<Map<VaultAddress, SeenProtection>> protection;
    private final Kept<Optional<RunSchedule.Told>> schedule;
    private final Kept<FleetView> watched;
    private volatile Made made = new Made(null, null);

    /** @param threads at least one for each of the five sources and one for all, so that one that hangs does not keep another waiting */
    FleetReader(
            Fleet fleet,
            NamedVaults named,
            ObjectiveProperties objectives,
            ObjectProvider<VaultSummaries> rows,
            StoreReader reader,
            RunSchedule schedule,
            InstantSource clock,
            Executor threads) {
        this.fleet = fleet;
        this.named = named;
        this.objectives = objectives;
        this.clock = clock;
        this.summaries =
                new Kept<>(() -> DatabaseReads.read(() -> rows.getObject().all()), ROWS_KEPT, clock, threads);
        this.list = new Kept<>(this::askForTheList, LIST_KEPT, clock, threads);
        this.store = new Kept<>(() -> askTheStore(reader), STORE_KEPT, clock, threads);
        this.protection = new Kept<>(
                () -> reader.protection(addresses(database(), listed(PATIENCE))), PROTECTION_KEPT, clock, threads);
        this.schedule = new Kept<>(schedule::ask, SCHEDULE_KEPT, clock, threads);
        this.watched = new Kept<>(() -> Reading.known(view()), ROWS_KEPT, clock, threads);
    }

    /** Whether the job database tells, as of two seconds ago at most; awaited if it has not within this time. */
    public Reading<List<VaultSummary>> database(Duration limit) {
        return summaries.within(limit);
    }

    /** What the store told last, two minutes ago at most; awaited if it has not within this time. */
    public Reading<StoreState> store(Duration limit) {
        return store.within(limit);
    }

    /** As {@link #view()}, and awaited if a source keeps it longer than this. */
    public Reading<FleetView> view(Duration limit) {
        return watched.within(limit);
    }

    private Reading<FleetList> askForTheList() {
        try {
            return Reading.known(fleet.lastKnown(named.addresses()));
        } catch (FailureException failed) {
            return Reading.missing(
                    failed.failure().describe(), failed.failure().reason().advice());
        }
    }

    private Reading<StoreState> askTheStore(StoreReader reader) {
        Reading<List<VaultSummary>> database = summaries.orLast(BRIEFLY);
        Set<VaultAddress> untold = addresses(database, listed(BRIEFLY));
        database.told().orElse(List.of()).stream()
                .filter(row -> row.complete() != null)
                .map(VaultSummary::vault)
                .forEach(untold::remove);
        return reader.read(untold, database.told().isEmpty());
    }

    private Reading<List<VaultSummary>> database() {
        Reading<List<VaultSummary>> told = summaries.within(DatabaseReads.LIMIT);
        return told instanceof Reading.Awaited<List<VaultSummary>> ? DatabaseReads.silent() : told;
    }

    private Set<VaultAddress> listed(Duration limit) {
        return fleet.isDiscovered()
                        || !named.addresses().isEmpty()
                        || !fleet.listed().isEmpty()
                ? list.orLast(limit).told().map(FleetList::vaults).orElse(Set.of())
                : Set.of();
    }

    private Set<VaultAddress> addresses(Reading<List<VaultSummary>> database, Set<VaultAddress> listed) {
        Set<VaultAddress> all = new TreeSet<>(Comparator.comparing(VaultAddress::toString));
        all.addAll(listed);
        database.told().orElse(List.of()).forEach(row -> all.add(row.vault()));
        return all;
    }

    /** As it stands now, or stood a second ago: what it is made of does not change more often. */
    public FleetView view() {
        Sources sources = new Sources(
                database(), store.atOnce(), protection.atOnce().told().orElse(Map.of()), listed(PATIENCE));
        if (sources.database().told().isEmpty() && sources.store() instanceof Reading.Awaited<StoreState>) {
            sources = sources.with(store.within(PATIENCE));
        }
        Instant now = clock.instant();
        Made latest = made;
        if (latest.sources() != null
                && latest.sources().same(sources)
                && latest.view() != null
                && now.isBefore(latest.view().at().plus(VIEW_KEPT))) {
            return latest.view();
        }
        FleetView view = make(sources, now);
        made = new Made(sources, view);
        return view;
    }

    /** What a view is made of. */
    private record Sources(
            Reading<List<VaultSummary>> database,
            Reading<StoreState> store,
            Map<VaultAddress, SeenProtection> seen,
            Set<VaultAddress> listed) {

        Sources with(Reading<StoreState> later) {
            return new Sources(database, later, seen, listed);
        }

        /** Whether these are the very same answers: to compare a thousand rows would be no quicker than to show them. */
        @SuppressWarnings("ReferenceEquality")
        boolean same(Sources other) {
            return database == other.database
                    && store == other.store
                    && seen == other.seen
                    && listed.size() == other.listed.size();
        }
    }

    private record Made(@Nullable Sources sources, @Nullable FleetView view) {}

    private FleetView make(Sources sources, Instant now) {
        boolean told = sources.database().told().isPresent();
        List<VaultSummary> known = sources.database().told().orElse(List.of());
        Map<VaultAddress, VaultSummary> rows = new HashMap<>();
        known.forEach(row -> rows.put(row.vault(), row));
        Map<String, VaultAddress> all = new TreeMap<>();
        sources.listed().forEach(vault -> all.put(vault.storeName(), vault));
        known.forEach(row -> all.put(row.vault().storeName(), row.vault()));
        sources.store()
                .told()
                .map(StoreState::folders)
                .orElse(Set.of())
                .forEach(folder -> VaultAddress.ofStoreName(folder).ifPresent(vault -> all.putIfAbsent(folder, vault)));
        List<VaultRow> vaults = new ArrayList<>(all.size());
        for (VaultAddress vault : all.values()) {
            boolean listed = sources.listed().isEmpty() || sources.listed().contains(vault);
            vaults.add(new RowFacts(
                            vault,
                            rows.get(vault),
                            sources.store(),
                            told,
                            listed,
                            objectiveOf(vault),
                            sources.seen().get(vault))
                    .row(now));
        }
        KnownSchedule runs = KnownSchedule.of(objectives.parsed(), schedule.atOnce());
        return new FleetView(
                now,
                vaults,
                sources.database(),
                sources.store(),
                Stream.concat(remarks().stream(), Stream.ofNullable(runs.remark()))
                        .toList(),
                objectives.objective(),
                runs.next(now),
                runs.latest(now));
    }

    private Duration objectiveOf(VaultAddress vault) {
        Duration own = fleet.termsOf(vault).objective();
        return own == null ? objectives.objective() : own;
    }

    /** What is wrong with the list of vaults: then some may be missing. */
    private List<String> remarks() {
        Reading<FleetList> told = list.atOnce();
        Reading.Missing<FleetList> gap = told.gap();
        if (gap != null) {
            return List.of("The list of vaults could not be read: " + gap.why() + ". " + gap.advice());
        }
        Discovery discovery = told.told().map(FleetList::discovery).orElse(null);
        return discovery == null ? List.of() : discovery.remarks();
    }
}
