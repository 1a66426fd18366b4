package io.keyvaultbackup.backup;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunStopping;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.RunStops;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StopNote;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the run that an operator wants to be stopped, begun or not, by the vault's lease, what is in the store and which nights there are, and leaves the note. */
final class OperatorStops implements RunStopping {

    private final LeasedRuns leasedRuns;
    private final StoredRuns storedRuns;
    private final RunStops stops;
    private final InstantSource clock;

    OperatorStops(LeasedRuns leasedRuns, StoredRuns storedRuns, RunStops stops, InstantSource clock) {
        this.leasedRuns = leasedRuns;
        this.storedRuns = storedRuns;
        this.stops = stops;
        this.clock = clock;
    }

    @Override
    public Set<Instant> nights(Collection<VaultAddress> vaults, String id) {
        Set<Instant> nights = new TreeSet<>();
        Instant now = clock.instant();
        Instant latest = Instant.MIN;
        timeOf(id, now).ifPresent(nights::add);
        for (VaultAddress vault : vaults) {
            try {
                Begun begun = begun(vault, id);
                begun.held().flatMap(run -> timeOf(run.value(), now)).ifPresent(nights::add);
                latest = begun.runs().stream()
                        .flatMap(run -> timeOf(run, now).stream())
                        .reduce(latest, (one, other) -> one.isAfter(other) ? one : other);
            } catch (FailureException untold) {
                // told when it is this vault's turn
            }
        }
        if (latest.isAfter(Instant.MIN)) {
            nights.add(latest);
        }
        return nights;
    }

    /** What an id tells, if it tells a whole time and a run of that time may have begun. */
    private static Optional<Instant> timeOf(String id, Instant now) {
        return StoredRuns.mayHaveBegunBy(id, now) ? new SnapshotId(id).scheduledFor() : Optional.empty();
    }

    @Override
    public List<Answer> stop(VaultAddress vault, String id, Set<Instant> nights, @Nullable String reason) {
        Begun begun = begun(vault, id);
        if (begun.runs().size() > 1 && !id.isEmpty()) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    begun.runs().size() + " runs of " + vault + " start with " + id + "; the first are "
                            + begun.runs().stream().limit(3).toList() + ". Give more of the ID.");
        }
        Set<SnapshotId> runs = runsToStop(vault, id, nights, begun);
        return runs.isEmpty()
                ? List.of(new Answer(vault, State.NONE, null, null, null))
                : runs.stream().map(run -> stop(vault, run, begun, reason)).toList();
    }

    /** Whoever holds the vault may be left over from an earlier night, and what the vault was begun with since may be a run by hand: neither keeps it from being begun with a night that is under way. */
    private static Set<SnapshotId> runsToStop(VaultAddress vault, String id, Set<Instant> nights, Begun begun) {
        Set<SnapshotId> runs = new LinkedHashSet<>();
        begun.held().ifPresent(runs::add);
        nights.stream()
                .sorted()
                .map(night -> SnapshotId.of(vault, night))
                .filter(run -> run.value().startsWith(id))
                .forEach(runs::add);
        if (begun.held().isEmpty() && !begun.runs().isEmpty()) {
            String latest = begun.runs().last();
            if (runs.stream().allMatch(run -> run.value().compareTo(latest) < 0)) {
                runs.add(new SnapshotId(latest));
            }
        }
        return runs;
    }

    private Answer stop(VaultAddress vault, SnapshotId run, Begun begun, @Nullable String reason) {
        SnapshotNames names = new SnapshotNames(vault.storeName(), run.value());
        if (storedRuns.isComplete(names)) {
            return new Answer(vault, State.COMPLETE, run, null, null);
        }
        Optional<StopNote> before = stops.inForce(names);
        State state = before.isPresent()
                ? State.ALREADY_STOPPED
                : begun.runs().contains(run.value()) || storedRuns.hasAnythingOf(names)
                        ? State.STOPPED
                        : State.NOT_BEGUN;
        StopNote stop = before.isPresent() ? before.get() : stops.stop(names, reason);
        LeaseHolder holder = begun.held().filter(run::equals).isPresent() ? begun.holder() : null;
        return new Answer(
                vault,
                state,
                run,
                holder == null ? null : holder.owner() + ", execution " + holder.execution(),
                stop.describe());
    }

    /**
     * The runs of one vault that start as they are asked for.
     *
     * @param holder who has the vault's lease
     */
    private record Begun(
            NavigableSet<String> runs, @Nullable LeaseHolder holder) {

        /** The run that holds the vault, if it is one of these. */
        Optional<SnapshotId> held() {
            return Optional.ofNullable(holder)
                    .map(LeaseHolder::snapshot)
                    .filter(runs::contains)
                    .map(SnapshotId::new);
        }
    }

    private Begun begun(VaultAddress vault, String id) {
        LeasedRuns.Told lease = leasedRuns.of(vault);
        NavigableSet<String> runs = lease.ids();
        runs.removeIf(run -> !run.startsWith(id));
        if (runs.isEmpty() || !id.isEmpty()) {
            runs.addAll(storedRuns.idsStartingWith(id, vault));
        }
        return new Begun(runs, lease.holder());
    }
}
