package io.keyvaultbackup.backup;

import io.keyvaultbackup.run.RunRefusedException;
import io.keyvaultbackup.run.RunStopping;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.RunStops;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StopNote;
import io.keyvaultbackup.store.LeaseHolder;
import io.keyvaultbackup.store.LeaseNote;
import io.keyvaultbackup.store.Leases;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.VaultAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Finds the run that an operator wants to be stopped, begun or not, by the vault's lease, what is in the store and which nights there are, and leaves the note. */
final class OperatorStops implements RunStopping {

    private final ObjectProvider<Leases> leases;
    private final StoredRuns storedRuns;
    private final RunStops stops;
    private final InstantSource clock;

    OperatorStops(ObjectProvider<Leases> leases, StoredRuns storedRuns, RunStops stops, InstantSource clock) {
        this.leases = leases;
        this.storedRuns = storedRuns;
        this.stops = stops;
        this.clock = clock;
    }

    @Override
    public Set<Instant> nights(Collection<VaultAddress> vaults, String id) {
        Set<Instant> nights = new TreeSet<>();
        Instant latest = Instant.MIN;
        for (VaultAddress vault : vaults) {
            try {
                Begun begun = begun(vault, id);
                begun.held().flatMap(SnapshotId::scheduledFor).ifPresent(nights::add);
                latest = begun.runs().stream()
                        .map(run -> new SnapshotId(run).scheduledFor().orElse(Instant.MIN))
                        .filter(StoredRuns.mayHaveBegunBy(clock.instant()))
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

    @Override
    public List<Answer> stop(VaultAddress vault, String id, Set<Instant> nights, @Nullable String reason) {
        Begun begun = begun(vault, id);
        if (begun.runs().size() > 1 && !id.isEmpty()) {
            throw new RunRefusedException(
                    RunRefusedException.Cause.WRONG_USAGE,
                    begun.runs().size() + " runs of " + vault + " start with " + id + "; the first are "
                            + begun.runs().stream().limit(3).toList() + ". Give more of the ID.");
        }
        Optional<SnapshotId> held = begun.held();
        if (held.isPresent()) {
            return List.of(stop(vault, held.get(), begun.holder(), State.STOPPED, reason));
        }
        List<Answer> notBegun = nights.stream()
                .map(night -> SnapshotId.of(vault, night))
                .filter(run -> run.value().startsWith(id) && begun.isBefore(run))
                .map(run -> stop(vault, run, null, State.NOT_BEGUN, reason))
                .toList();
        if (!notBegun.isEmpty()) {
            return notBegun;
        }
        return List.of(
                begun.runs().isEmpty()
                        ? new Answer(vault, State.NONE, null, null, null)
                        : stop(vault, new SnapshotId(begun.runs().last()), null, State.STOPPED, reason));
    }

    /** @param state what it is then, if it was not stopped before */
    private Answer stop(
            VaultAddress vault, SnapshotId run, @Nullable LeaseHolder holder, State state, @Nullable String reason) {
        SnapshotNames names = new SnapshotNames(vault.storeName(), run.value());
        if (storedRuns.isComplete(names)) {
            return new Answer(vault, State.COMPLETE, run, null, null);
        }
        Optional<StopNote> before = stops.inForce(names);
        StopNote stop = before.isPresent() ? before.get() : stops.stop(names, reason);
        return new Answer(
                vault,
                before.isPresent() ? State.ALREADY_STOPPED : state,
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

        boolean isBefore(SnapshotId run) {
            return runs.isEmpty() || runs.last().compareTo(run.value()) < 0;
        }
    }

    private Begun begun(VaultAddress vault, String id) {
        LeaseNote lease = noteOf(vault);
        NavigableSet<String> runs = begun(vault, id, lease);
        if (runs.isEmpty() || !id.isEmpty()) {
            runs.addAll(storedRuns.idsStartingWith(id, vault));
        }
        return new Begun(runs, lease.holder());
    }

    /** Whoever may not look at leases, or finds no place of them, still has the store. */
    private LeaseNote noteOf(VaultAddress vault) {
        try {
            return leases.getObject().note(vault.storeName());
        } catch (StoreException refused) {
            if (refused.failure().reason().isMissingPermission()
                    || refused.failure().reason().isMissingStore()) {
                return LeaseNote.NEW;
            }
            throw refused;
        }
    }

    /** A run has its number before it leaves anything else in the store. */
    private static NavigableSet<String> begun(VaultAddress vault, String id, LeaseNote lease) {
        NavigableSet<String> runs = new TreeSet<>(lease.numbers().latest().keySet());
        if (lease.holder() != null) {
            runs.add(lease.holder().snapshot());
        }
        runs.removeIf(run -> !run.startsWith(id) || !StoredRuns.isOf(vault, new SnapshotId(run)));
        return runs;
    }
}
