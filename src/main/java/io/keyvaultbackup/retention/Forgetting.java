package io.keyvaultbackup.retention;

import io.keyvaultbackup.run.Incident;
import io.keyvaultbackup.run.Outcome;
import io.keyvaultbackup.run.RunMonitor;
import io.keyvaultbackup.run.SnapshotId;
import io.keyvaultbackup.snapshot.Chain;
import io.keyvaultbackup.snapshot.IntegrityFinding;
import io.keyvaultbackup.snapshot.KeepPolicy;
import io.keyvaultbackup.snapshot.Labels;
import io.keyvaultbackup.snapshot.RetentionResult;
import io.keyvaultbackup.snapshot.RetentionResult.Fate;
import io.keyvaultbackup.snapshot.RetentionResult.NotSwept;
import io.keyvaultbackup.snapshot.SnapshotNames;
import io.keyvaultbackup.snapshot.StoredManifest;
import io.keyvaultbackup.snapshot.Tombstone;
import io.keyvaultbackup.store.Protection;
import io.keyvaultbackup.store.StoreException;
import io.keyvaultbackup.store.StoredBlob;
import io.keyvaultbackup.vault.Failure;
import io.keyvaultbackup.vault.FailureException;
import io.keyvaultbackup.vault.FailureReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one forget of one vault does, step by step, and what is known between the steps. For one thread, but for {@link #remove}, which many may call.
 */
final class Forgetting {

    private final Parts parts;
    private final KeepPolicy policy;
    private final LabelReading labels;
    private final Duration grace;
    private final RunMonitor monitor;
    private final Tally tally = new Tally();
    private final Set<IntegrityFinding> damage = new LinkedHashSet<>();

    /** What was to go and stays, and why. */
    private final Map<SnapshotId, String> spared = new HashMap<>();

    /** Of what goes, once that was read whole. */
    private final Map<SnapshotId, List<Tombstone>> tombstones = new LinkedHashMap<>();

    private final Set<SnapshotId> removed = new HashSet<>();

    private Plan plan = Plan.NONE;
    private @Nullable Needed needed;
    private @Nullable Sweep sweep;
    private boolean swept;

    /** Whether a manifest could not be read, so that nobody knows all that is referred to. */
    private boolean blind;

    /** Whether one that was to go is damaged: then none goes. */
    private boolean halted;

    Forgetting(Parts parts, KeepPolicy policy, LabelReading labels, Duration grace, RunMonitor monitor) {
        this.parts = parts;
        this.policy = policy;
        this.labels = labels;
        this.grace = grace;
        this.monitor = monitor;
    }

    void plan() {
        monitor.enter(RunMonitor.Phase.EXAMINE);
        plan = new Planning(parts, labels.all()).plan(policy);
        damage.addAll(plan.damage());
        blind = !plan.damage().isEmpty();
    }

    /**
     * Reads all manifests whole before anything is removed, if anything is to be: if one of them is damaged, nothing is. Also those that are kept, since a snapshot
     * of which only the head can be read must not have taken the place of others.
     */
    void examine() {
        Burial burial = burial();
        for (Plan.Going going : plan.going()) {
            burial.tombstones(going, damage::add).ifPresentOrElse(all -> tombstones.put(going.snapshot(), all), () -> {
                spared.put(going.snapshot(), "can not be read");
                blind = true;
                halted = true;
            });
        }
        examineKept();
        if (!halted) {
            tombstones.values().stream().flatMap(List::stream).findFirst().ifPresent(burial::trySigning);
        }
    }

    /** With a public key the plan has done it already; and what it could not read is known. */
    private void examineKept() {
        if (plan.going().isEmpty() || parts.key().key() != null) {
            return;
        }
        Set<String> known =
                plan.damage().stream().map(IntegrityFinding::subject).collect(Collectors.toCollection(HashSet::new));
        plan.going().forEach(going -> going.manifests().forEach(manifest -> known.add(manifest.name())));
        for (StoredManifest manifest : parts.patience().call(() -> Chain.manifests(parts.store(), parts.vault()))) {
            if (!known.contains(manifest.name())) {
                parts.removing().goOn();
                parts.examination(found -> {
                            damage.add(found);
                            blind = true;
                            halted = true;
                        })
                        .examine(parts.vault(), manifest, object -> {});
            }
        }
    }

    private Burial burial() {
        return new Burial(parts, PolicyWords.of(policy));
    }

    void removeManifests() {
        monitor.enter(RunMonitor.Phase.FORGET);
        Burial burial = burial();
        burial.takeBackLeft(plan.fates().stream()
                .filter(fate -> fate.isKept() && !fate.reasons().contains("can not be read"))
                .map(fate -> fate.snapshot().value())
                .collect(Collectors.toSet()));
        if (halted) {
            return;
        }
        plan.going().forEach(going -> forget(going, burial));
        plan.leftovers().forEach(this::removeUnlessLocked);
    }

    /** One snapshot after the other, so that no tombstone is long beside its manifest. */
    private void forget(Plan.Going going, Burial burial) {
        List<Burial.Grave> graves = burial.dig(tombstones.getOrDefault(going.snapshot(), List.of()));
        parts.removing().goOn();
        Deque<StoredManifest> left = new ArrayDeque<>(going.manifests());
        Optional<String> why = keptByNow(going.snapshot())
                .or(() -> Locks.of(parts, going.snapshot()).reason(going.manifests()))
                .or(() -> burial.bury(graves) ? Optional.empty() : Optional.of("its tombstone is locked"))
                .or(() -> keptByNow(going.snapshot())) // once more: whoever pins now sees the tombstone
                .or(() -> remove(left));
        if (!left.isEmpty()) {
            spared.put(going.snapshot(), why.orElse("locked"));
            left.forEach(burial::takeBack);
        }
    }

    /** Somebody may have pinned or tagged it since it was decided. */
    private Optional<String> keptByNow(SnapshotId snapshot) {
        Labels now = labels.of(snapshot);
        return now.pinned()
                ? Optional.of("pinned")
                : now.tags().stream()
                        .filter(tag -> policy.tags().contains(tag))
                        .findFirst()
                        .map(tag -> "tag " + tag);
    }

    /** What the store keeps from removal is final, and told; the other snapshots go all the same. */
    private Optional<String> remove(Deque<StoredManifest> manifests) {
        try {
            while (!manifests.isEmpty()) {
                String manifest = manifests.getFirst().name();
                parts.removing().removeAll(manifest);
                SnapshotId snapshot = manifests.removeFirst().snapshot();
                tally.manifest();
                if (manifests.isEmpty()) {
                    removed.add(snapshot);
                    tally.snapshot();
                }
                parts.removing().removeAll(manifest + SnapshotNames.SIGNATURE);
            }
            return Optional.empty();
        } catch (StoreException refused) {
            throwUnlessLocked(refused);
            return Optional.of(Locks.of(parts, manifests.getFirst().snapshot()).refusal(manifests));
        }
    }

    private void removeUnlessLocked(StoredBlob blob) {
        try {
            parts.removing().remove(blob);
        } catch (StoreException refused) {
            throwUnlessLocked(refused);
        }
    }

    private static void throwUnlessLocked(StoreException refused) {
        if (refused.failure().reason() != FailureReason.STORE_IMMUTABLE) {
            throw refused;
        }
    }

    void mark() {
        read(manifest -> false);
    }

    /** As if the manifests were removed that are to go. */
    void markForDryRun() {
        Set<String> going = new HashSet<>();
        if (!halted) {
            plan.going().forEach(one -> one.manifests().forEach(manifest -> going.add(manifest.name())));
        }
        read(manifest -> going.contains(manifest.name()));
    }

    private void read(Predicate<StoredManifest> going) {
        monitor.enter(RunMonitor.Phase.MARK);
        needed = Needed.read(
                parts,
                going,
                found -> {
                    damage.add(found);
                    blind = true;
                },
                damage::add);
    }

    /** The next blob to remove, or null after the last; for one thread at a time. */
    Sweep.@Nullable Unneeded nextUnneeded() {
        if (blind) {
            return null;
        }
        if (sweep == null) {
            monitor.enter(RunMonitor.Phase.SWEEP);
            sweep = new Sweep(parts, Objects.requireNonNull(needed, "marked before"), grace, tally);
        }
        Sweep.@Nullable Unneeded next = sweep.get();
        swept |= next == null;
        return next;
    }

    /** Removes it; what the store refuses of one blob is told, and the next one is tried. */
    Sweep.Unneeded remove(Sweep.Unneeded unneeded) {
        try {
            parts.removing().remove(unneeded.blob());
            count(unneeded);
        } catch (FailureException refused) {
            Failure failure = refused.failure();
            boolean ofThisBlobAlone = !failure.reason().mayPass()
                    && !failure.reason().isMissingPermission()
                    && !failure.reason().isMissingStore();
            if (failure.reason() == FailureReason.STORE_IMMUTABLE) {
                Protection told = unneeded.blob().protection();
                if (told.equals(Protection.NONE)) {
                    tally.lockedUntold();
                } else { // by the store's clock, though not by this machine's
                    tally.locked(told);
                }
            } else if (ofThisBlobAlone) {
                tally.failed(new Incident(unneeded.blob().name(), failure));
                monitor.finished(Outcome.FAILED);
            } else {
                throw refused;
            }
        }
        return unneeded;
    }

    private void count(Sweep.Unneeded gone) {
        tally.removed(gone);
        monitor.finished(Outcome.BACKED_UP);
    }

    /** What people noted of runs and Jobs that are long over; that is counted nowhere. */
    void removeOldNotes() {
        new OldNotes(parts, grace).remove();
    }

    /** Counts all that would be removed. */
    void sweepForDryRun() {
        for (Sweep.@Nullable Unneeded next = nextUnneeded(); next != null; next = nextUnneeded()) {
            count(next);
        }
        if (halted) {
            return;
        }
        for (Plan.Going going : plan.going()) {
            going.manifests().forEach(manifest -> tally.manifest());
            tally.snapshot();
            removed.add(going.snapshot());
        }
    }

    void end() {
        if (sweep != null) {
            sweep.close();
        }
    }

    Tally tally() {
        return tally;
    }

    RetentionResult result(boolean dryRun, boolean stopped, Duration duration) {
        return new RetentionResult(
                parts.vault(),
                dryRun,
                stopped,
                plan.fates().stream().map(this::afterAll).toList(),
                tally.counts(),
                swept ? null : whyNotSwept(stopped),
                List.copyOf(damage),
                tally.incidents(),
                null,
                duration);
    }

    private NotSwept whyNotSwept(boolean stopped) {
        if (blind) {
            return NotSwept.UNREADABLE;
        }
        return stopped ? NotSwept.STOPPED : NotSwept.FAILED;
    }

    private Fate afterAll(Fate planned) {
        @Nullable String reason = spared.get(planned.snapshot());
        if (reason != null) {
            return new Fate(planned.snapshot(), planned.complete(), planned.labels(), List.of(reason));
        }
        return removed.contains(planned.snapshot()) ? planned.done() : planned;
    }
}
